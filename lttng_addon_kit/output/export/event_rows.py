# SPDX-License-Identifier: GPL-2.0-only
"""Events one by one, with what a timeline shows: when, where, for how long, with which values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappush, heapreplace
from typing import Any, NamedTuple

import pyarrow

from lttng_addon_kit.output.export.plain_values import is_hexadecimal, plain_columns
from lttng_addon_kit.trace.arrow_columns import CONTEXT, CPU, KIND, TIME
from lttng_addon_kit.trace.event_tables import TimedTable

_AT_ONCE = 8192
# Where the thread is that an event is about; a context is what was running.
_THREAD_COLUMNS = ((f"{CONTEXT}tid", f"{CONTEXT}pid"), ("tid", "pid"))
_COMMAND_COLUMNS = (f"{CONTEXT}procname", "comm")
_NUMBERS = ("integer", "float")


class Thread(NamedTuple):
    """A thread and what it runs; `pid` is its process (the thread itself where that isn't known)."""

    pid: int
    tid: int
    name: str


class EventRow(NamedTuple):
    """One event; `values` are those of `EventShape.columns`."""

    time_ns: int
    cpu: int | None
    thread: Thread | None
    duration_ns: int | None
    values: tuple[Any, ...]


class EventShape:
    """What the columns of an event's table are to a timeline.

    Args:
        duration: the field that says how long what ended with the event took; "" for none.
    """

    def __init__(self, schema: pyarrow.Schema, duration: str) -> None:
        names = schema.names
        self.columns = tuple(name for name in names if name not in (TIME, CPU))
        self.duration = names.index(duration) if duration in names else None
        found = next((pair for pair in _THREAD_COLUMNS if set(pair) & set(names)), ())
        self._ids = [names.index(each) for each in found if each in names]
        self._command = next((names.index(each) for each in _COMMAND_COLUMNS if each in names), None)
        self.numbers = tuple(
            at for at, name in enumerate(self.columns) if _is_quantity(schema.field(name)) and name not in found
        )

    def rows(self, table: TimedTable) -> Iterator[EventRow]:
        """The events of a table, in order of time."""
        for part in table.tables():
            for batch in part.to_batches(max_chunksize=_AT_ONCE):
                yield from self._some_rows(pyarrow.Table.from_batches([batch]))

    def _some_rows(self, rows: pyarrow.Table) -> Iterator[EventRow]:
        times = rows.column(TIME).cast(pyarrow.int64()).to_pylist()
        for time, row in zip(times, zip(*plain_columns(rows), strict=True), strict=True):
            duration = None if self.duration is None else row[self.duration]
            yield EventRow(time or 0, row[1], self._thread(row), duration, row[2:])

    def _thread(self, row: Sequence[Any]) -> Thread | None:
        ids = [row[at] for at in self._ids]
        if not ids or not isinstance(ids[0], int) or ids[0] <= 0:
            return None
        return Thread(ids[-1], ids[0], "" if self._command is None else str(row[self._command]))


def _is_quantity(field: pyarrow.Field) -> bool:
    kind = (field.metadata or {}).get(KIND, b"").decode()
    return kind in _NUMBERS and not is_hexadecimal(field) and not field.name.startswith(CONTEXT)


class Lanes:
    """Lines on which spans don't overlap, for spans that come in the order of their ends."""

    def __init__(self) -> None:
        self._ends: list[tuple[int, int]] = []

    def place(self, begin_ns: int, end_ns: int) -> int:
        """The number of a line that is free from begin to end; the first is 0."""
        if self._ends and self._ends[0][0] <= begin_ns:
            lane = self._ends[0][1]
            heapreplace(self._ends, (end_ns, lane))
            return lane
        lane = len(self._ends)
        heappush(self._ends, (end_ns, lane))
        return lane
