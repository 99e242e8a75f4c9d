# SPDX-License-Identifier: GPL-2.0-only
"""A recording as a page shows it: what, where and when; whether it adds up; events, spans, aggregates, kernel log."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lttng_addon_kit.output.page.charts import Bars, bars
from lttng_addon_kit.output.page.event_view import EventView, event_view
from lttng_addon_kit.output.report import Report
from lttng_addon_kit.session.collected import Gained, GainedRow
from lttng_addon_kit.session.recording import RecordedAddon, RecordedSpan, Recording
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import find_kind
from lttng_addon_kit.trace.details import EventDetails
from lttng_addon_kit.trace.model import Summary
from lttng_addon_kit.trace.units import duration, figure

# Of a kernel's log, and of an aggregate's keys.
_LOG_LINES = 400
_KEYS = 100


@dataclass(frozen=True)
class TableRow:
    """A row; `bars` from `low` to `high` are its distribution, if it has one."""

    cells: list[str]
    bars: Bars | None = None
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class TableView:
    title: str
    headings: list[str]
    rows: list[TableRow]
    note: str = ""


@dataclass(frozen=True)
class LogView:
    """What the kernel's log said: its reports of trouble, its last lines, how many came before."""

    problems: list[str]
    lines: list[str]
    before: int


@dataclass(frozen=True)
class Page:
    """All that a page shows. `wrong` are sentences on what does not add up; none: all does, as far as is known."""

    title: str
    facts: list[tuple[str, str]]
    wrong: list[str]
    adds_up: str
    events: list[EventView]
    tables: list[TableView]
    log: LogView | None


def page_view(folder: Path, report: Report, details: Mapping[str, EventDetails]) -> Page:
    """What a page shows of a recording, or of any other trace, in `folder`."""
    recording, summary = report.recording, report.summary
    end_ns = (summary.end_ns if summary else None) or 0
    return Page(
        title=", ".join(addon.name for addon in recording.addons) if recording else folder.resolve().name,
        facts=[*_recording_facts(recording), *_trace_facts(folder, summary)],
        wrong=[*_wrong(report)],
        adds_up=_adds_up(report),
        events=[
            event_view(name, event, details.get(name), end_ns)
            for name, event in sorted(summary.events.items(), key=lambda item: -item[1].count)
        ]
        if summary
        else [],
        tables=[*_tables(recording)],
        log=_log(folder, recording),
    )


def _recording_facts(recording: Recording | None) -> Iterator[tuple[str, str]]:
    if recording is None:
        return
    yield "recorded", f"{recording.begun:%Y-%m-%d %H:%M:%S %z}"
    yield "on", f"{recording.target}, Linux {recording.kernel_release}, LTTng {recording.lttng_version}"
    if recording.workload:
        yield "while", shlex.join(recording.workload)
    for addon in recording.addons:
        if addon.parameters:
            values = ", ".join(f"{name} = {value}" for name, value in addon.parameters.items())
            yield f"{addon.name} with", values


def _trace_facts(folder: Path, summary: Summary | None) -> Iterator[tuple[str, str]]:
    yield "trace", folder.resolve().name
    if summary is None:
        return
    yield "events", figure(summary.count)
    if summary.begin_ns is not None and summary.end_ns is not None:
        begin = datetime.fromtimestamp(summary.begin_ns // 1_000_000_000, UTC)
        yield "begins", f"{begin:%Y-%m-%d %H:%M:%S} UTC"
        yield "lasts", duration(summary.end_ns - summary.begin_ns)


def _wrong(report: Report) -> Iterator[str]:
    recording, summary = report.recording, report.summary
    if recording and recording.state != "complete":
        yield f"The run ended early: {recording.problem.message if recording.problem else 'it was not completed'}"
    if report.unreadable:
        yield f"Nothing of the trace can be read: {report.unreadable}"
    yield from _losses(summary) if summary else ()
    yield from report.imbalance
    if recording and recording.kernel_problems:
        yield f"The kernel complained, {figure(len(recording.kernel_problems))} times: see its log below"
    if recording and recording.workload_status:
        yield f"The workload ended with status {recording.workload_status}"


def _losses(summary: Summary) -> Iterator[str]:
    for count, what in ((summary.discarded_events, "events"), (summary.discarded_packets, "packets")):
        if count:
            yield f"{figure(count)} {what} were discarded: the tracer's buffers were full"
    yield from (f"Damaged: {damage.file} {damage.reason}" for damage in summary.damage)


def _adds_up(report: Report) -> str:
    if report.recording is None:
        return "Nothing was discarded, and no file is damaged."
    return "All that passed the filters is in the trace, nothing was discarded, and the kernel did not complain."


def _tables(recording: Recording | None) -> Iterator[TableView]:
    for addon in recording.addons if recording else ():
        if addon.events:
            yield _hits(addon)
        if addon.spans:
            yield _spans(addon)
        if addon.collected:
            for name, came in addon.collected.gained().items():
                yield _aggregate(name, came)


def _hits(addon: RecordedAddon) -> TableView:
    rows = [
        TableRow([event.name, event.hook, event.filter or "none", *_figures(event.seen, event.passed)])
        for event in addon.events
    ]
    faults = f"{figure(addon.faults)} reads of memory failed and gave 0 or no text" if addon.faults else ""
    return TableView(f"{addon.name}: hits", ["event", "hook", "filter", "hits", "passed"], rows, faults)


def _spans(addon: RecordedAddon) -> TableView:
    names = [*RecordedSpan.model_fields]
    rows = [TableRow([span, *_figures(*(getattr(of, name) for name in names))]) for span, of in addon.spans.items()]
    return TableView(f"{addon.name}: spans", ["span", *(name.replace("_", " ") for name in names)], rows)


def _figures(*values: int) -> list[str]:
    return [figure(value) for value in values]


def _aggregate(name: str, came: Gained) -> TableView:
    columns = find_kind(came.kind).columns
    rows = [_aggregate_row(row, [column.text(row) for column in columns]) for row in came.rows[:_KEYS]]
    of = f" of {came.value}" if came.value else ""
    by = f" by {came.by}" if came.by else ""
    left = len(came.rows) - _KEYS
    notes = [f"{figure(left)} more keys"] if left > 0 else []
    notes += [f"{figure(came.overflow)} values were dropped: the table of keys was full"] if came.overflow else []
    return TableView(
        f"{name}: {came.kind}{of}{by}", ["key", *(column.title for column in columns)], rows, "; ".join(notes)
    )


def _aggregate_row(row: GainedRow, cells: list[str]) -> TableRow:
    key = "" if row.key is None else str(row.key)
    filled = [at for at, (_begin, count) in enumerate(row.buckets) if count]
    if not filled:
        return TableRow([key, *cells])
    first, last = filled[0], filled[-1]
    low, end = row.buckets[first][0], row.buckets[last + 1][0] if last + 1 < len(row.buckets) else None
    shape = bars([count for _begin, count in row.buckets[first : last + 1]])
    return TableRow(
        [key, *cells], shape, "below" if low is None else figure(low), "and more" if end is None else figure(end)
    )


def _log(folder: Path, recording: Recording | None) -> LogView | None:
    file = folder / "kernel.log"
    problems = list(recording.kernel_problems) if recording else []
    if not file.is_file():
        return LogView(problems, [], 0) if problems else None
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return LogView(problems, lines[-_LOG_LINES:], max(0, len(lines) - _LOG_LINES))
