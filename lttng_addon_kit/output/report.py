"""A recording and its trace, together, for a person or a program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.output.summary_text import print_summary
from lttng_addon_kit.session.recording import RecordedAddon, RecordedEvent, Recording, load
from lttng_addon_kit.trace.model import Summary
from lttng_addon_kit.trace.summary import summarise


def read_summary(folder: Path) -> tuple[Recording | None, Summary | None]:
    """A trace's summary, and the recording that it is of if the kit made it.

    A recording of addons that have no events has no trace, and no summary.
    """
    recording = load(folder)
    if recording and not recording.event_names:
        return recording, None
    names = recording.event_names if recording else ()
    return recording, summarise(folder, expected_events=names)


def as_json(recording: Recording | None, summary: Summary | None) -> dict[str, Any]:
    """The JSON of docs/summary.md; a recording's own facts under "recording"."""
    data = to_json(summary) if summary else {"events": {}}
    if recording:
        data["recording"] = recording.model_dump(mode="json")
    return data


def print_report(recording: Recording | None, summary: Summary | None, console: Console) -> None:
    """The summary for a person; what went into the recording and what its filters kept out comes with it."""
    if recording:
        console.print(escape(_headline(recording)), soft_wrap=True)
    if summary:
        print_summary(summary, console)
    for addon in recording.addons if recording else ():
        for event in addon.events:
            console.print(escape(_filtering(addon, event)), soft_wrap=True)
        if addon.collected:
            console.print()
            for part in aggregate_tables(addon.collected.before, addon.collected.after):
                console.print(part)


def refuse_bad(recording: Recording) -> None:
    """Raise what makes a run fail although it was recorded.

    Raises:
        KitError: the kernel complained in its log, or the workload ended with a status other than 0.
    """
    if recording.kernel_problems:
        raise KitError(
            "the kernel complained while this was recorded (kernel.log has it all)",
            details="\n".join(recording.kernel_problems),
        )
    if recording.workload_status:
        raise KitError(f"the workload, {' '.join(recording.workload)}, ended with status {recording.workload_status}")


def _headline(recording: Recording) -> str:
    names = ", ".join(addon.name for addon in recording.addons)
    doing = f" while {' '.join(recording.workload)} ran" if recording.workload else ""
    return (
        f"{names} on {recording.target} (Linux {recording.kernel_release}, LTTng {recording.lttng_version}){doing}"
        f"{', interrupted' if recording.interrupted else ''}"
    )


def _filtering(addon: RecordedAddon, event: RecordedEvent) -> str:
    """How many hits of the hook the filter let pass, and with which values of its parameters."""
    times = "once" if event.seen == 1 else f"{event.seen} times"
    missed = f" and {event.missed} more that the kernel's probe missed" if event.missed else ""
    text = f"{event.name}: {event.hook} was hit {times}{missed}"
    if event.filter is None:
        return text
    used = [f"{name} = {value!r}" for name, value in addon.parameters.items() if f"${name}" in event.filter]
    values = f" ({', '.join(used)})" if used else ""
    return f"{text}, {event.passed} passed the filter {event.filter}{values}"
