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
from lttng_addon_kit.session.crash import crashes_explained
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.loading import BuiltModule, loaded, module_supplies
from lttng_addon_kit.session.lttng import Loss, Lttng
from lttng_addon_kit.session.lttng_session import LttngSession
from lttng_addon_kit.session.numbers import EventHits, ModuleNumbers, read_numbers
from lttng_addon_kit.session.recording import CollectedMeanwhile, RecordedAddon, RecordedEvent, Recording
from lttng_addon_kit.session.salvage import salvage
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.supplies import supplied
from lttng_addon_kit.session.tracing import session_supplies, tracing
from lttng_addon_kit.session.workload import ChosenWorkload, run_workload, workload_prefix, workload_supplies
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
    with stage.progress.detail("Asking for LTTng's version"):
        draft = Draft(traces, _begun(stage.machine, lttng, modules, workload), stage.progress)
    with root_folder(stage.machine) as folder:
        session = _session(lttng, modules, folder)
        try:
            with crashes_explained(modules):
                _record(stage, modules, workload, _Destination(lttng, session, folder, draft))
        except KitError as error:
            if not draft.exists:
                raise
            salvage(stage, PurePosixPath(session.output), draft, error)
        except BaseException:
            draft.discard()
            raise
    return draft.folder


@dataclass(frozen=True)
class _Destination:
    """LTTng and its session, the kit's own folder on the machine, and what comes of it."""

    lttng: Lttng
    session: LttngSession
    folder: str
    draft: Draft


def _session(lttng: Lttng, modules: Sequence[BuiltModule], folder: str) -> LttngSession:
    name = f"lttng-addon-{uuid.uuid4().hex[:12]}"
    events = [event.name for module in modules for event in module.addon.events]
    return LttngSession(name, f"{folder}/{name}", events, lttng.trace_format)


def _record(stage: Stage, modules: Sequence[BuiltModule], workload: ChosenWorkload, to: _Destination) -> None:
    draft = to.draft
    supplies = {**module_supplies(modules), **workload_supplies(workload), **session_supplies(to.session)}
    with (
        supplied(stage, to.folder, supplies),
        loaded(stage, modules, to.folder),
        workload_mark(stage, modules, to.folder) as mark,
    ):
        with tracing(stage, to.lttng, to.session, to.folder) as tracer:
            draft.create()
            first = _read(stage, modules, to.folder)
            outcome = run_workload(stage, workload, (*workload_prefix(workload, to.folder), *mark))
            draft.note(workload_status=outcome.status, interrupted=outcome.interrupted)
            # Between these two, all that passed was recorded or lost: the session ran.
            last = _read(stage, modules, to.folder)
            draft.note(addons=_recorded(modules, first, last, last))
            loss = tracer.stop()
            draft.note(loss=loss, addons=_recorded(modules, first, last, _read(stage, modules, to.folder)))
        tracer.fetch(draft)
    with stage.progress.detail("Reading the kernel's log"):
        draft.complete(stage.machine.kernel_log())


def _read(stage: Stage, modules: Sequence[BuiltModule], folder: str) -> list[ModuleNumbers]:
    with stage.progress.detail("Reading the addons' numbers"):
        return read_numbers(stage.machine, modules, folder)


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
                events=_recorded_events(module, {event.name: EventHits(0, 0, 0) for event in module.addon.events}, {}),
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


def _recorded(modules: Sequence[BuiltModule], *moments: Sequence[ModuleNumbers]) -> tuple[RecordedAddon, ...]:
    """The addons by the first and the last that they said while the session ran, and by what they say now."""
    return tuple(_recorded_addon(*each) for each in zip(modules, *moments, strict=True))


def _recorded_addon(module: BuiltModule, *moments: ModuleNumbers) -> RecordedAddon:
    first, last, now = moments
    addon = module.addon
    at_least = {name: hits.passed - first.hits[name].passed for name, hits in last.hits.items()}
    meanwhile = None
    if first.collected and now.collected:
        meanwhile = CollectedMeanwhile(before=first.collected, after=now.collected)
    return RecordedAddon(
        name=addon.name,
        parameters=dict(now.parameters),
        events=_recorded_events(module, now.hits, at_least),
        spans=dict(now.spans),
        collected=meanwhile,
        faults=now.faults,
    )


def _recorded_events(
    module: BuiltModule, hits: Mapping[str, EventHits], at_least: Mapping[str, int]
) -> tuple[RecordedEvent, ...]:
    return tuple(
        RecordedEvent(
            name=event.name,
            hook=event.hook,
            filter=event.filter,
            seen=hits[event.name].seen,
            passed=hits[event.name].passed,
            missed=hits[event.name].missed,
            passed_at_least=at_least.get(event.name),
            addresses=module.addresses.get(event.name),
            fields=tuple(event.fields),
            duration=event.duration_field,
        )
        for event in module.addon.events
    )
