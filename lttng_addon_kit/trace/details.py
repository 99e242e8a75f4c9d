# SPDX-License-Identifier: GPL-2.0-only
"""What a page shows of a trace beyond its summary: how values spread over time, far percentiles, long spans, stacks.

In bounded memory, whatever the trace.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy

from lttng_addon_kit.trace.column import Column, TextArray
from lttng_addon_kit.trace.event_batch import Addresses, EventBatch, Findings
from lttng_addon_kit.trace.heat_map import HeatCells, HeatMap
from lttng_addon_kit.trace.kept_text import bound, shown
from lttng_addon_kit.trace.log_histogram import LogHistogram
from lttng_addon_kit.trace.own_process import in_own_process
from lttng_addon_kit.trace.reading import read

PERCENTILES = (0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 1.0)
# Of an event; of all events together; of an event.
_LONGEST = 150
_HEAT_MAPS = 16
_STACKS = 4096
_HEXADECIMAL = 16
# Of a very deep stack.
_FRAMES = 64
_ADDRESS_BITS = 64

FindDuration = Callable[[str, Collection[str]], str]


@dataclass(frozen=True)
class LongSpan:
    """One of an event's longest spans, and what its texts say."""

    duration_ns: int
    end_ns: int
    cpu: int | None
    about: str


@dataclass(frozen=True)
class Stacks:
    """Stacks, the innermost frame first, each with its count; `others` counts those of stacks that were too many."""

    counts: tuple[tuple[tuple[int, ...], int], ...]
    others: int


@dataclass(frozen=True)
class EventDetails:
    """What was found of one event; `duration` is the field that is one, `percentiles` (`PERCENTILES`) are of it."""

    duration: str
    percentiles: list[float]
    heat: dict[str, HeatCells]
    longest: list[LongSpan]
    stacks: dict[str, Stacks]


@dataclass
class _Room:
    """How many heat maps there may still be."""

    heat_maps: int = _HEAT_MAPS


def read_details(trace: Path, addresses: Addresses, find_duration: FindDuration) -> dict[str, EventDetails]:
    """Read a trace; by event, what a page shows of it.

    Args:
        find_duration: gives, of an event and its fields' names, the field that is a duration in ns, or "".

    Raises:
        UsageError, KitError: there is no trace, or nothing of it can be read.
    """
    return in_own_process(partial(_read, trace, addresses, find_duration), trace)


def _read(trace: Path, addresses: Addresses, find_duration: FindDuration, scratch: Path) -> dict[str, EventDetails]:
    events: dict[str, _Gathered] = {}
    room = _Room()
    for batch in read(trace, Findings(), scratch, addresses):
        if batch.event not in events:
            events[batch.event] = _Gathered(
                find_duration(batch.event, [each.field.name for each in batch.fields]), room
            )
        events[batch.event].add(batch)
    return {event: gathered.result() for event, gathered in events.items()}


@dataclass
class _Gathered:
    """What is gathered of one event."""

    duration: str
    room: _Room
    histogram: LogHistogram = field(default_factory=LogHistogram)
    heat: dict[str, HeatMap] = field(default_factory=dict)
    longest: list[tuple[int, int, int, str]] = field(default_factory=list)
    stacks: dict[str, _StackCounts] = field(default_factory=dict)

    def add(self, batch: EventBatch) -> None:
        """Look at a batch of events."""
        for column in (*batch.fields, *batch.context):
            if _is_stack(column):
                self.stacks.setdefault(column.field.name, _StackCounts()).add(column.values.tolist())
        for column in batch.fields:
            if len(column.values) == batch.count and column.field.kind == "integer" and column.field.base == 10:
                self._add_numbers(column, batch)

    def _add_numbers(self, column: Column, batch: EventBatch) -> None:
        name = column.field.name
        values = numpy.array(column.values, dtype=numpy.float64)
        if name == self.duration:
            self.histogram.add(values)
            self._keep_longest(column.values.tolist(), values, batch)
        if name not in self.heat:
            if not self.room.heat_maps and name != self.duration:
                return
            self.room.heat_maps = max(0, self.room.heat_maps - 1)
            self.heat[name] = HeatMap()
        if batch.times_ns is not None:
            self.heat[name].add(batch.times_ns, values)

    def _keep_longest(self, durations: Any, values: Any, batch: EventBatch) -> None:
        if batch.times_ns is None:
            return
        texts = [each for each in batch.fields if each.field.kind == "text" and len(each.values) == batch.count]
        most = numpy.argpartition(values, -_LONGEST)[-_LONGEST:] if len(values) > _LONGEST else range(len(values))
        cpu = -1 if batch.cpu is None else batch.cpu
        for at in map(int, most):
            if len(self.longest) < _LONGEST or durations[at] > self.longest[0][0]:
                about = ", ".join(f"{each.field.name} {_shown_text(each, at)!r}" for each in texts)
                item = (durations[at], int(batch.times_ns[at]), cpu, about)
                (heapq.heappush if len(self.longest) < _LONGEST else heapq.heapreplace)(self.longest, item)

    def result(self) -> EventDetails:
        """What was gathered."""
        longest = [
            LongSpan(duration, end, None if cpu < 0 else cpu, about)
            for duration, end, cpu, about in sorted(self.longest, reverse=True)
        ]
        heat = {name: cells for name, each in self.heat.items() if (cells := each.result())}
        stacks = {name: each.result() for name, each in self.stacks.items()}
        return EventDetails(self.duration, self.histogram.percentiles(PERCENTILES), heat, longest, stacks)


class _StackCounts:
    """How often which stack came."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, ...]] = Counter()
        self._others = 0

    def add(self, values: list[Any]) -> None:
        """Count these stacks; of very deep ones the innermost frames."""
        for stack, count in Counter(value[:_FRAMES] for value in values).items():
            if not stack:
                continue
            if stack in self._counts or len(self._counts) < _STACKS:
                self._counts[stack] += count
            else:
                self._others += count

    def result(self) -> Stacks:
        """What was counted."""
        return Stacks(tuple(self._counts.most_common()), self._others)


def _shown_text(texts: Column, row: int) -> str:
    assert isinstance(texts.values, TextArray)
    return shown(bound(texts.values[row]))


def _is_stack(column: Column) -> bool:
    of = column.field
    return of.element in ("wide", "integer") and of.base == _HEXADECIMAL and of.bits == _ADDRESS_BITS
