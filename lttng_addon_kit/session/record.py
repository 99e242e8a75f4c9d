# SPDX-License-Identifier: GPL-2.0-only
"""Record the events of modules on a machine while a workload runs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.root_folder import root_folder
from lttng_addon_kit.session.collected import Snapshot, read_snapshot
from lttng_addon_kit.session.loading import BuiltModule, loaded
from lttng_addon_kit.session.lttng import Lttng
from lttng_addon_kit.session.recording import CollectedMeanwhile, RecordedAddon, RecordedEvent, Recording, save
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.tracing import tracing
from lttng_addon_kit.session.workload import ChosenWorkload, run_workload, workload_folder


def record(stage: Stage, modules: Sequence[BuiltModule], workload: ChosenWorkload, traces: Path) -> Path:
    """Record every event of the modules while the workload runs.

    Ctrl-C during the workload ends the workload and keeps what was recorded.

    Args:
        traces: the folder that gets the new recording's folder.

    Returns:
        The new folder: trace/ (CTF; none if the modules have no events), recording.json and kernel.log.

    Raises:
        KitError: a module does not load, lttng refuses, the machine's disk is full.
    """
    begun = datetime.now().astimezone()
    machine, lttng = stage.machine, Lttng(stage.machine)
    events = [event.name for module in modules for event in module.addon.events]
    with (
        root_folder(machine) as there,
        loaded(stage, modules, there),
        workload_folder(machine, workload, there) as prefix,
    ):
        output = PurePosixPath(there, f"lttng-addon-{uuid.uuid4().hex[:12]}")
        with tracing(stage, lttng, events, output) as session:
            before = _snapshots(machine, modules, there)
            passed_first = _passed(machine, modules)
            outcome = run_workload(stage, workload, prefix)
            passed_last = _passed(machine, modules)
            loss = session.stop()
            at_least = {event: passed_last[event] - passed_first[event] for event in events}
            addons = tuple(_recorded(machine, module, there, before, at_least) for module in modules)
        folder = _new_folder(traces, begun, modules)
        session.fetch(folder)
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


def _snapshots(machine: Machine, modules: Sequence[BuiltModule], there: str) -> dict[str, Snapshot]:
    """Read what the addons that collect have collected."""
    names = [module.addon.name for module in modules if module.addon.collects]
    return {name: read_snapshot(machine, there, name) for name in names}


def _passed(machine: Machine, modules: Sequence[BuiltModule]) -> dict[str, int]:
    """Read how many hits of each event's hook have passed its filter so far."""
    files = {
        event.name: f"/sys/module/{module.addon.kernel_module_name}/parameters/hits_{event.name}"
        for module in modules
        for event in module.addon.events
    }
    lines = machine.run("cat", *files.values()).stdout.splitlines() if files else []
    return {name: int(line.split(",")[1]) for name, line in zip(files, lines, strict=True)}


def _recorded(
    machine: Machine, module: BuiltModule, there: str, before: Mapping[str, Snapshot], at_least: Mapping[str, int]
) -> RecordedAddon:
    """Read what a loaded module says of itself (/sys/module/*/parameters), and what it collected meanwhile."""
    addon = module.addon
    folder = f"/sys/module/{addon.kernel_module_name}/parameters"
    names = [*(f"hits_{event.name}" for event in addon.events), *addon.parameters]
    lines = iter(machine.run("cat", *(f"{folder}/{name}" for name in names)).stdout.splitlines() if names else [])
    hits = {event.name: [int(each) for each in next(lines).split(",")] for event in addon.events}
    collected = None
    if addon.name in before:
        collected = CollectedMeanwhile(before=before[addon.name], after=read_snapshot(machine, there, addon.name))
    return RecordedAddon(
        name=addon.name,
        parameters=dict(zip(addon.parameters, lines, strict=True)),
        events=_recorded_events(module, hits, at_least),
        collected=collected,
    )


def _recorded_events(
    module: BuiltModule, hits: Mapping[str, Sequence[int]], at_least: Mapping[str, int]
) -> tuple[RecordedEvent, ...]:
    return tuple(
        RecordedEvent(
            name=event.name,
            hook=event.hook,
            filter=event.filter,
            seen=hits[event.name][0],
            passed=hits[event.name][1],
            missed=hits[event.name][2],
            passed_at_least=at_least[event.name],
            addresses=module.addresses.get(event.name),
        )
        for event in module.addon.events
    )


def _new_folder(traces: Path, begun: datetime, modules: Sequence[BuiltModule]) -> Path:
    """Create a folder whose name sorts by time and says what was recorded; numbered if two begin in one second."""
    traces.mkdir(parents=True, exist_ok=True)
    name = f"{begun:%Y%m%d-%H%M%S}-{'+'.join(module.addon.name for module in modules)}"
    for attempt in range(1, 1000):
        folder = traces / (name if attempt == 1 else f"{name}.{attempt}")
        try:
            folder.mkdir(mode=0o700)  # what a kernel does is its users' business, and nobody else's
        except FileExistsError:
            continue
        return folder
    raise KitError(f"can't create a new folder in {traces}")
