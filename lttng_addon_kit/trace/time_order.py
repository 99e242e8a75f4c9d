# SPDX-License-Identifier: GPL-2.0-only
"""Runs that are each in order of time -> all their rows in order of time, a part of each in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy
import pyarrow

from lttng_addon_kit.trace.spool import Run, SpoolPart, times_of

Load = Callable[[SpoolPart], Any]


def in_time_order(runs: Sequence[Run], load: Load) -> Iterator[Any]:
    """Tables whose rows, one after the other, are all the runs' in order of time; those at one time by run.

    Args:
        runs: of one event, or of several that `load` gives one schema.
        load: gives the rows at a place, as a pyarrow.Table.
    """
    left = [_RunReader(run, load) for run in runs if run]
    while left:
        # Up to here no row can come that isn't in memory.
        until = min(each.end() for each in left)
        parts = [part for each in left if (part := each.take(until)) is not None]
        yield _sorted(parts)
        left = [each for each in left if not each.at_end]


class _RunReader:
    """One run: the part of it that is in memory, and what follows."""

    def __init__(self, run: Run, load: Load) -> None:
        self._places = list(reversed(run))
        self._load = load
        self._table: Any = None
        self._times: Any = None

    @property
    def at_end(self) -> bool:
        """Whether all of it was taken."""
        return self._table is None and not self._places

    def end(self) -> int:
        """The last time in the next part (0 without a clock)."""
        return int(self._times[-1]) if self._table is not None else self._places[-1].last_ns or 0

    def take(self, until: int) -> Any:
        """The rows up to a time, of one part; None where there is none."""
        if self._table is None and (self._places[-1].first_ns or 0) > until:
            return None
        if self._table is None:
            self._table = self._load(self._places.pop())
            self._times = times_of(self._table)
        table = self._table
        count = int(numpy.searchsorted(self._times, until, side="right")) if _has_times(table) else table.num_rows
        self._table = table.slice(count) if count < table.num_rows else None
        self._times = self._times[count:]
        return table.slice(0, count) if count else None


def _has_times(table: Any) -> bool:
    return not table.column("time").null_count


def _sorted(parts: list[Any]) -> Any:
    if len(parts) == 1:
        return parts[0]
    table = pyarrow.concat_tables(parts).unify_dictionaries()
    return table.take(numpy.argsort(times_of(table), kind="stable")) if _has_times(table) else table
