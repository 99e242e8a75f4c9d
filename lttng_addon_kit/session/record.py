# SPDX-License-Identifier: GPL-2.0-only
"""Record the events of modules on a machine while a workload runs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.root_folder import root_folder
from lttng_addon_kit.session.collected import Snapshot, read_snapshot
from lttng_addon_kit.session.crash import crashes_explained
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.loading import BuiltModule, loaded
from lttng_addon_kit.session.lttng import Loss, Lttng
from lttng_addon_kit.session.recording import CollectedMeanwhile, RecordedAddon, RecordedEvent, RecordedSpan, Recording
from lttng_addon_kit.session.salvage import salvage
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.tracing import tracing
from lttng_addon_kit.session.workload import ChosenWorkload, run_workload, workload_folder
from lttng_addon_kit.session.workload_mark import workload_mark


def record(stage: Stage, modules: Sequence[BuiltModule], workload: ChosenWorkload, traces: Path) -> Path:
    """Record every event of the modules while the workload runs.

    Ctrl-C during the workload ends the workload and keeps what was recorded.

    Args:
        traces: the folder that gets the new recording's folder.

    Returns:
        The new folder: trace/ (CTF; none if the modules have no events), recording.json and kernel.log. A run that
        ended early has one too, if it had begun to record: its `Recording.state` says so.

    Raises:
        KitError: a module does not load, lttng refuses.
    """
    lttng = Lttng(stage.machine)
    draft = Draft(traces, _begun(stage.machine, lttng, modules, workload), stage.progress)
    with root_folder(stage.machine) as folder:
        session = _Destination(lttng, folder, PurePosixPath(folder, f"lttng-addon-{uuid.uuid4().hex[:12]}"), draft)
        try:
            with crashes_explained(modules):
                _record(stage, modules, workload, session)
        except KitError as error:
            if not draft.exists:
                raise
            salvage(stage, session.output, draft, error)
        except BaseException:
            draft.discard()
            raise
    return draft.folder


@dataclass(frozen=True)
class _Destination:
    """LTTng, the kit's own folder on the machine, the one in it that LTTng writes to, and what comes of it."""

    lttng: Lttng
    folder: str
    output: PurePosixPath
    draft: Draft


def _record(stage: Stage, modules: Sequence[BuiltModule], workload: ChosenWorkload, session: _Destination) -> None:
    machine, draft, there = stage.machine, session.draft, session.folder
    events = [event.name for module in modules for event in module.addon.events]
    with (
        loaded(stage, modules, there),
        workload_mark(stage, modules, there) as mark,
        workload_folder(machine, workload, there) as prefix,
    ):
        with tracing(stage, session.lttng, events, session.output) as tracer:
            draft.create()
            before = _snapshots(machine, modules, there)
            passed_first = _passed(machine, modules)
            outcome = run_workload(stage, workload, (*prefix, *mark))
            draft.note(workload_status=outcome.status, interrupted=outcome.interrupted)
            passed_last = _passed(machine, modules)
            at_least = {event: passed_last[event] - passed_first[event] for event in events}
            collected = _ReadBefore(there, before)
            draft.note(addons=_all_recorded(machine, modules, collected, at_least))
            loss = tracer.stop()
            draft.note(loss=loss, addons=_all_recorded(machine, modules, collected, at_least))
        tracer.fetch(draft)
    draft.complete(machine.kernel_log())


def _begun(machine: Machine, lttng: Lttng, modules: Sequence[BuiltModule], workload: ChosenWorkload) -> Recording:
    """A recording of which no number is known yet."""
    return Recording(
        begun=datetime.now().astimezone(),
        target=machine.name,
        kernel_release=machine.kernel_release,
        lttng_version=lttng.version,
        addons=tuple(
            RecordedAddon(
                name=module.addon.name,
                parameters=dict(module.parameters),
                events=_recorded_events(module, {event.name: (0, 0, 0) for event in module.addon.events}, {}),
            )
            for module in modules
        ),
        workload=workload.command,
        workload_status=None,
        interrupted=False,
        loss=Loss(discarded_events=0, lost_packets=0),
        kernel_problems=(),
        state="begun",
    )


@dataclass(frozen=True)
class _ReadBefore:
    """The kit's folder on the machine, with the client, and what it read before the workload, by the addon's name."""

    folder: str
    before: Mapping[str, Snapshot]


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


def _all_recorded(
    machine: Machine, modules: Sequence[BuiltModule], collected: _ReadBefore, at_least: Mapping[str, int]
) -> tuple[RecordedAddon, ...]:
    return tuple(_recorded(machine, module, collected, at_least) for module in modules)


def _recorded(
    machine: Machine, module: BuiltModule, collected: _ReadBefore, at_least: Mapping[str, int]
) -> RecordedAddon:
    """Read what a loaded module says of itself (/sys/module/*/parameters), and what it collected meanwhile."""
    addon = module.addon
    folder = f"/sys/module/{addon.kernel_module_name}/parameters"
    names = [
        *(f"hits_{event.name}" for event in addon.events),
        *(f"span_{span.name}" for span in addon.spans),
        *addon.parameters,
    ]
    # Not splitlines(): a text may have any other character that ends a line.
    lines = iter(machine.run("cat", *(f"{folder}/{name}" for name in names)).stdout.split("\n")[:-1] if names else [])
    hits = {event.name: [int(each) for each in next(lines).split(",")] for event in addon.events}
    spans = {span.name: _recorded_span(next(lines)) for span in addon.spans}
    meanwhile = None
    if before := collected.before.get(addon.name):
        after = read_snapshot(machine, collected.folder, addon.name)
        meanwhile = CollectedMeanwhile(before=before, after=after)
    return RecordedAddon(
        name=addon.name,
        parameters=dict(zip(addon.parameters, lines, strict=True)),
        events=_recorded_events(module, hits, at_least),
        spans=spans,
        collected=meanwhile,
        faults=_faults(machine, folder),
    )


def _recorded_span(line: str) -> RecordedSpan:
    """What the module parameter span_NAME says (counts_get() in runtime/span.c)."""
    return RecordedSpan(**dict(zip(RecordedSpan.model_fields, map(int, line.split(",")), strict=True)))


def _faults(machine: Machine, folder: str) -> int:
    """Read how many reads of memory failed; a module whose reads can't fail has no such parameter."""
    return int(machine.run("sh", "-c", 'cat "$1/faults" 2>/dev/null || echo 0', "sh", folder).stdout)


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
            passed_at_least=at_least.get(event.name),
            addresses=module.addresses.get(event.name),
            fields=tuple(event.fields),
            duration=event.duration_field,
        )
        for event in module.addon.events
    )
