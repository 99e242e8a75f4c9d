"""The report for a person: what was recorded, the summary, what filters rejected, what was collected."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.markup import escape

from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.output.report import Report
from lttng_addon_kit.output.summary_text import print_summary
from lttng_addon_kit.session.recording import RecordedAddon, RecordedEvent, Recording


def write(report: Report, stream: TextIO) -> None:
    """Write the report as text and tables; in colour if the stream is a terminal."""
    console = Console(file=stream, highlight=False)
    if report.recording:
        console.print(escape(_headline(report.recording)), soft_wrap=True)
    if report.summary:
        print_summary(report.summary, console)
    for addon in report.recording.addons if report.recording else ():
        _print_addon(addon, console)


def _print_addon(addon: RecordedAddon, console: Console) -> None:
    for event in addon.events:
        console.print(escape(_filtering(addon, event)), soft_wrap=True)
    if addon.collected:
        console.print()
        for part in aggregate_tables(addon.collected.before, addon.collected.after):
            console.print(part)


def _headline(recording: Recording) -> str:
    names = ", ".join(addon.name for addon in recording.addons)
    doing = f" while {' '.join(recording.workload)} ran" if recording.workload else ""
    return (
        f"{names} on {recording.target} (Linux {recording.kernel_release}, LTTng {recording.lttng_version}){doing}"
        f"{', interrupted' if recording.interrupted else ''}"
    )


def _filtering(addon: RecordedAddon, event: RecordedEvent) -> str:
    """Say how many hits of the hook passed the filter, and with which values of its parameters."""
    hits = "1 hit" if event.seen == 1 else f"{event.seen} hits"
    missed = f" and {event.missed} more that the kernel's probe missed" if event.missed else ""
    text = f"{event.name}: {hits} of {event.hook}{missed}"
    if event.filter is None:
        return text
    used = [f"{name} = {value!r}" for name, value in addon.parameters.items() if f"${name}" in event.filter]
    values = f" ({', '.join(used)})" if used else ""
    return f"{text}, {event.passed} of which passed the filter {event.filter}{values}"
