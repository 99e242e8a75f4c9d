"""Load modules on a machine, record their events while a workload runs, and take everything back out."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.typing.typed import Rendering
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.aggregates import CLIENT_FOLDER, Snapshot, put_client, read_snapshot
from lttng_addon_kit.session.lttng import Loss, Lttng
from lttng_addon_kit.session.recording import TRACE, Collected, RecordedAddon, RecordedEvent, Recording, save
from lttng_addon_kit.spec.addon import Addon

# Below this a trace is taken to be cut off by the full disk: a sub-buffer no longer fits.
_LEAST_FREE_KIB = 1024


@dataclass(frozen=True)
class BuiltModule:
    """An addon with its module (.ko) for one kernel.

    `needs` are the kernel's own modules to load before it, `runtime` is lttng-addons.ko if it needs that;
    `parameters` is what to load it with; `addresses` which fields of each event are addresses (an event that is not
    there: not known).
    """

    addon: Addon
    file: Path
    needs: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    runtime: Path | None = None
    addresses: Mapping[str, dict[str, Rendering]] = field(default_factory=dict)


@dataclass(frozen=True)
class Workload:
    """What runs while recording: a command, or waiting. `seconds` is how long at most, and how long to wait.

    `files` are copied into the folder in which the command runs.
    """

    command: tuple[str, ...] = ()
    seconds: float | None = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class _Outcome:
    status: int | None
    interrupted: bool


def record(
    machine: Machine,
    modules: Sequence[BuiltModule],
    workload: Workload,
    traces: Path,
    progress: Progress,
    on_output: Callable[[str], None],
) -> Path:
    """One recording: every event of the modules, while the workload runs.

    Ctrl-C during the workload ends the workload and keeps what was recorded.

    Args:
        traces: the folder that gets the new recording's folder.
        on_output: called with each line that the workload prints.

    Returns:
        The new folder: trace/ (CTF; none if the modules have no events), recording.json and kernel.log.

    Raises:
        KitError: a module does not load, lttng refuses, the machine's disk is full.
    """
    begun = datetime.now().astimezone()
    lttng = Lttng(machine)
    output = f"/var/tmp/lttng-addon-{uuid.uuid4().hex[:12]}"
    events = [event.name for module in modules for event in module.addon.events]
    with loaded(machine, modules, progress), workload_folder(machine, workload, f"{output}.workload") as room:
        if events:
            with _session(lttng, Path(output).name, output, events, progress) as session:
                before = _snapshots(machine, modules)
                outcome = _run_workload(machine, workload, room, progress, on_output)
                with progress.step("Stopping the session"):
                    lttng.stop(session)
                loss = lttng.loss(session)
                _check_disk(machine, output)
                addons = tuple(_recorded(machine, module, before) for module in modules)
            with progress.step("Fetching the trace"):
                folder = _fetch(machine, output, _new_folder(traces, begun, modules))
        else:
            before = _snapshots(machine, modules)
            outcome = _run_workload(machine, workload, room, progress, on_output)
            loss = Loss(discarded_events=0, lost_packets=0)
            addons = tuple(_recorded(machine, module, before) for module in modules)
            folder = _new_folder(traces, begun, modules)
    log = machine.kernel_log()
    (folder / "kernel.log").write_text(log, encoding="utf-8")
    recording = Recording(
        begun=begun,
        target=machine.name,
        kernel_release=machine.kernel_release,
        lttng_version=lttng.version,
        addons=addons,
        workload=workload.command,
        workload_status=outcome.status,
        interrupted=outcome.interrupted,
        loss=loss,
        kernel_problems=tuple(find_problems(log)),
    )
    save(recording, folder)
    return folder


@contextmanager
def workload_folder(machine: Machine, workload: Workload, folder: str) -> Iterator[tuple[str, ...]]:
    """A folder of its own for the workload, with its files: what to put before a command that shall run in it."""
    if not workload.command:
        yield ()
        return
    machine.run("mkdir", folder)
    try:
        for file in workload.files:
            machine.put(file, f"{folder}/{file.name}")
        yield ("env", f"--chdir={folder}", f"PYTHONPATH={CLIENT_FOLDER}")
    finally:
        machine.run("rm", "-r", folder, check=False)


def _snapshots(machine: Machine, modules: Sequence[BuiltModule]) -> dict[str, Snapshot]:
    """What the addons that collect have collected."""
    names = [module.addon.name for module in modules if module.addon.collects]
    return {name: read_snapshot(machine, name) for name in names}


@contextmanager
def loaded(machine: Machine, modules: Sequence[BuiltModule], progress: Progress) -> Iterator[None]:
    """The modules, loaded on a machine as long as this lasts; those that collect do so. Where one has a side in user
    space, the client for it is there too.

    Raises:
        KitError: one does not load; with the kernel's words.
    """
    done: list[BuiltModule] = []
    try:
        for module in modules:
            with progress.step(f"Loading {module.addon.module_name}"):
                _load(machine, module)
            done.append(module)
        if any(module.runtime for module in done):
            put_client(machine)
        yield
    finally:
        for module in reversed(done):
            machine.run("rmmod", module.addon.kernel_module_name, check=False)
        if any(module.runtime for module in done):
            machine.run("rm", "-r", CLIENT_FOLDER, check=False)
            # Refused, and rightly, while an addon that somebody else loaded needs it.
            machine.run("rmmod", _RUNTIME, check=False)


_RUNTIME = "lttng_addons"


def _load(machine: Machine, module: BuiltModule) -> None:
    machine.run("modprobe", "--all", "lttng-tracer", *module.needs)
    if module.runtime and machine.run("test", "-e", f"/sys/module/{_RUNTIME}", check=False).status:
        _insert(machine, module.runtime, ())
    parameters = [f"{name}={_quoted(name, value)}" for name, value in module.parameters.items()]
    collect = ["collect=1"] if module.addon.collects else []
    _insert(machine, module.file, [*parameters, *collect])


def _insert(machine: Machine, file: Path, parameters: Sequence[str]) -> None:
    """Not by modprobe: it wants a new index of all modules first, 12 s of depmod on an emulated machine."""
    remote = f"/var/tmp/{file.name}"
    machine.put(file, remote)
    output = machine.run("insmod", remote, *parameters, check=False)
    machine.run("rm", remote)
    if output.status:
        raise KitError(
            f"{file.stem} does not load on {machine.name} ({machine.kernel_release})",
            details="\n".join([output.stderr.strip(), *machine.kernel_log().splitlines()[-10:]]),
        )


def _quoted(name: str, value: str) -> str:
    """A parameter's value for the kernel's command line parser (lib/cmdline.c: double quotes, no escapes)."""
    if '"' in value:
        raise KitError(f"parameter {name}: {value!r} has a double quote, which the kernel can't be passed at loading")
    return f'"{value}"' if " " in value else value


@contextmanager
def _session(lttng: Lttng, session: str, output: str, events: Sequence[str], progress: Progress) -> Iterator[str]:
    with progress.step(f"Recording {', '.join(events)}"):
        lttng.create(session, output)
    try:
        lttng.enable_events(session, events)
        lttng.start(session)
        yield session
    except BaseException:
        # What went wrong is what the user should hear of, not what it leads to here.
        with suppress(KitError):
            lttng.destroy(session)
        raise
    lttng.destroy(session)


def _run_workload(
    machine: Machine,
    workload: Workload,
    room: tuple[str, ...],
    progress: Progress,
    on_output: Callable[[str], None],
) -> _Outcome:
    try:
        if not workload.command:
            _wait(workload.seconds, progress)
            return _Outcome(status=None, interrupted=False)
        bound = ("timeout", str(workload.seconds)) if workload.seconds else ()
        with progress.step(f"Running {' '.join(workload.command)}"):
            output = machine.run(*bound, *room, *workload.command, check=False, on_output=on_output)
        ended = workload.seconds and output.status == _TIMEOUT_STATUS
        return _Outcome(status=0 if ended else output.status, interrupted=False)
    except KeyboardInterrupt:
        progress.say("Interrupted: keeping what was recorded")
        return _Outcome(status=None, interrupted=True)


# timeout(1): what it returns when the time was up.
_TIMEOUT_STATUS = 124


def _wait(seconds: float | None, progress: Progress) -> None:
    if seconds is None:
        with progress.step("Recording until Ctrl-C"):
            while True:
                time.sleep(3600)
    with progress.step(f"Recording for {seconds:g} s"):
        time.sleep(seconds)


def _recorded(machine: Machine, module: BuiltModule, before: Mapping[str, Snapshot]) -> RecordedAddon:
    """What a loaded module says of itself (/sys/module/*/parameters), and what it collected meanwhile."""
    folder = f"/sys/module/{module.addon.kernel_module_name}/parameters"
    names = [*(["hits"] if module.addon.events else []), *module.addon.parameters]
    lines = iter(machine.run("cat", *(f"{folder}/{name}" for name in names)).stdout.splitlines() if names else [])
    counts = {name: [int(each) for each in rest] for name, *rest in (next(lines).split() for _ in module.addon.events)}
    collected = None
    if module.addon.name in before:
        collected = Collected(before=before[module.addon.name], after=read_snapshot(machine, module.addon.name))
    return RecordedAddon(
        name=module.addon.name,
        parameters=dict(zip(module.addon.parameters, lines, strict=True)),
        events=tuple(
            RecordedEvent(
                name=event.name,
                hook=event.hook,
                filter=event.filter,
                seen=counts[event.name][0],
                passed=counts[event.name][1],
                missed=counts[event.name][2],
                addresses=module.addresses.get(event.name),
            )
            for event in module.addon.events
        ),
        collected=collected,
    )


def _check_disk(machine: Machine, output: str) -> None:
    free = int(machine.run("df", "--output=avail", "-k", output).stdout.split()[-1])
    if free < _LEAST_FREE_KIB:
        raise KitError(
            f"the disk of {machine.name} is full: the trace would be cut off",
            hint="record less (a filter, fewer fields, a shorter workload)",
        )


def _fetch(machine: Machine, output: str, folder: Path) -> Path:
    """The trace in `folder`/trace; without it there is no folder either."""
    try:
        machine.get(output, folder / TRACE)
        machine.run("rm", "-r", output)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _new_folder(traces: Path, begun: datetime, modules: Sequence[BuiltModule]) -> Path:
    """A folder that sorts by time and says what was recorded; a number where two began in the same second."""
    traces.mkdir(parents=True, exist_ok=True)
    name = f"{begun:%Y%m%d-%H%M%S}-{'+'.join(module.addon.name for module in modules)}"
    for attempt in range(1, 1000):
        folder = traces / (name if attempt == 1 else f"{name}.{attempt}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise KitError(f"can't make a new folder in {traces}")
