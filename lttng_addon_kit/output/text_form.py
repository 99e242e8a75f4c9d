# SPDX-License-Identifier: GPL-2.0-only
"""The report for a person: what was recorded, the summary, what filters rejected, what was collected."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text

from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.output.report import Report
from lttng_addon_kit.output.spans_table import spans_table
from lttng_addon_kit.output.summary_text import print_summary
from lttng_addon_kit.session.recording import RecordedAddon, RecordedEvent, Recording
from lttng_addon_kit.terminal import open_console, printable


def write(report: Report, stream: TextIO) -> None:
    """Write the report as text and tables; in colour if the stream is a terminal."""
    console = open_console(stream)
    if report.recording:
        console.print(printable(_headline(report.recording)), soft_wrap=True)
        _print_state(report, report.recording, console)
    if report.summary:
        print_summary(report.summary, console)
    for addon in report.recording.addons if report.recording else ():
        _print_addon(addon, console)


def _print_state(report: Report, recording: Recording, console: Console) -> None:
    """Say of a recording that did not get to its end what it is, and what its numbers are worth."""
    if recording.state == "complete":
        return
    ended = f"it ended early ({recording.problem.message})" if recording.problem else "it was begun and not completed"
    kept = "of what came last, some is missing" if report.summary else "no trace of it can be read"
    console.print(Text(printable(f"Incomplete: {ended}; {kept}."), style="bold red"), soft_wrap=True)


def _print_addon(addon: RecordedAddon, console: Console) -> None:
    for event in addon.events:
        console.print(printable(_filtering(addon, event)), soft_wrap=True)
    if addon.faults:
        console.print(printable(_failing(addon)), soft_wrap=True)
    if addon.spans:
        console.print()
        console.print(spans_table(addon.spans))
    if addon.collected:
        console.print()
        for part in aggregate_tables(addon.collected.before, addon.collected.after):
            console.print(part)


def _failing(addon: RecordedAddon) -> str:
    times = "1 read" if addon.faults == 1 else f"{addon.faults:,} reads"
    return (
        f'{addon.name}: {times} of memory failed and gave 0 or ""; what is in user space is read by user(pointer), '
        "user_text() and user_bytes()"
    )


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
    missed = f" and {event.missed} more that the probe missed" if event.missed else ""
    text = f"{event.name}: {hits} of {event.hook}{missed}"
    if event.filter is None:
        return text
    used = [f"{name} = {value!r}" for name, value in addon.parameters.items() if f"${name}" in event.filter]
    values = f" ({', '.join(used)})" if used else ""
    return f"{text}, {event.passed} of which passed the filter {event.filter}{values}"
