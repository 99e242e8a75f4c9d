# SPDX-License-Identifier: GPL-2.0-only
"""A trace's summary: each event's count, rate, times and fields, in memory that doesn't grow with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from lttng_addon_kit.trace.column import Column
from lttng_addon_kit.trace.column_statistics import ColumnStatistics, column_statistics
from lttng_addon_kit.trace.event_batch import Addresses, EventBatch, Findings, TimeSpan
from lttng_addon_kit.trace.model import (
    CpuShare,
    DamageSummary,
    EventSummary,
    FieldSummary,
    Summary,
    TimelineSummary,
)
from lttng_addon_kit.trace.own_process import in_own_process
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.reading import read
from lttng_addon_kit.trace.timeline import Timeline
from lttng_addon_kit.trace.value_counts import Room

if TYPE_CHECKING:
    from lttng_addon_kit.progress import Progress


def summarise(
    trace: Path,
    progress: Progress | None = None,
    expected_events: Iterable[str] = (),
    addresses: Addresses = MappingProxyType({}),
    reader: Reader = Reader.AUTO,
) -> Summary:
    """Read all of a trace.

    Args:
        trace: a CTF trace's folder, or one above it; several traces below it are summarised as one.
        progress: where to report that it is being read.
        expected_events: names that are in the summary with a count of 0 when no such event occurred.
        addresses: which fields are addresses, and of which kind (ip4, ip6, mac), by event and field; of other events
            the names and lengths of fields decide.
        reader: who is to read it.

    Returns:
        The summary; of a damaged trace it covers what could be read, and `error` says what couldn't.

    Raises:
        UsageError, KitError: there is no trace, or nothing of it can be read.
    """
    step = progress.step(f"Reading {trace.name}") if progress else nullcontext()
    with step:
        return in_own_process(partial(_summarise, trace, tuple(expected_events), addresses, reader), trace)


def _summarise(
    trace: Path, expected_events: tuple[str, ...], addresses: Addresses, reader: Reader, scratch: Path
) -> Summary:
    findings = Findings()
    room = Room()
    events: dict[str, _EventStatistics] = {name: _EventStatistics(room) for name in expected_events}
    for batch in read(trace, findings, scratch, addresses, reader):
        events.setdefault(batch.event, _EventStatistics(room)).add(batch)
    return Summary(
        trace=str(trace),
        begin_ns=findings.span.begin_ns,
        end_ns=findings.span.end_ns,
        discarded_events=findings.discarded_events,
        discarded_packets=findings.discarded_packets,
        damage=[DamageSummary(str(damage.file), damage.reason) for damage in findings.damage],
        events={name: event.result(findings.span) for name, event in events.items()},
        reader=" and ".join(sorted(findings.readers)),
    )


class _EventStatistics:
    """What is gathered of the events of one name."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._count = 0
        self._span = TimeSpan()
        self._per_cpu: Counter[int] = Counter()
        self._timeline = Timeline()
        self._fields: _ByField = {}
        self._context: _ByField = {}

    def add(self, batch: EventBatch) -> None:
        """Count a batch of them."""
        self._count += batch.count
        if batch.cpu is not None:
            self._per_cpu[batch.cpu] += batch.count
        if batch.times_ns is not None:
            self._span.include(int(batch.times_ns[0]))
            self._span.include(int(batch.times_ns[-1]))
            self._timeline.add(batch.times_ns)
        self._add_columns(self._fields, batch.fields)
        self._add_columns(self._context, batch.context)

    def _add_columns(self, statistics: _ByField, columns: tuple[Column, ...]) -> None:
        for column in columns:
            # Traces recorded apart may disagree on what a field is.
            key = column.field.name, column.field.kind
            if key not in statistics:
                statistics[key] = column_statistics(column.field, self._room)
            statistics[key].add(column.values)

    def result(self, trace: TimeSpan) -> EventSummary:
        """What was gathered, as part of a trace of this span."""
        seconds = ((trace.end_ns or 0) - (trace.begin_ns or 0)) / 1e9
        return EventSummary(
            count=self._count,
            rate_hz=self._count / seconds if seconds else None,
            begin_ns=self._span.begin_ns,
            end_ns=self._span.end_ns,
            per_cpu={str(cpu): CpuShare(count, count / self._count) for cpu, count in sorted(self._per_cpu.items())},
            timeline=self._timeline_of(trace),
            fields=_results(self._fields),
            context=_results(self._context),
        )

    def _timeline_of(self, trace: TimeSpan) -> TimelineSummary | None:
        if trace.begin_ns is None or trace.end_ns is None:
            return None
        return TimelineSummary(*self._timeline.counts(trace.begin_ns, trace.end_ns))


_ByField = dict[tuple[str, str], ColumnStatistics]


def _results(statistics: _ByField) -> dict[str, FieldSummary]:
    results: dict[str, FieldSummary] = {}
    for (name, _kind), kept in statistics.items():
        result = kept.result()
        results[f"{name} ({result.type})" if name in results else name] = result
    return results
