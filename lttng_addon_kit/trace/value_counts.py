# SPDX-License-Identifier: GPL-2.0-only
"""How often each of a few values occurs, as integers of 64 bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy
from numpy.typing import NDArray

from lttng_addon_kit.trace.native import count_into, move_into

Bits = NDArray[numpy.uint64]

# Up to so many distinct values are counted one by one.
EXACT = 4096
# Of all fields together, some 50 bytes each; and of a field in any case.
_ROOM = 1 << 19
_FEW = 64
_SMALLEST = 64
_LARGEST = 2 * EXACT
# struct counted of native/count.h
_ENTRY = numpy.dtype([("value", "u8"), ("count", "u8"), ("row", "u8")])
_KNOWN = numpy.uint64((1 << 64) - 1)


class Room:
    """Room for values that are counted one by one, shared by all fields of a trace; a few each has in any case."""

    def __init__(self, values: int = _ROOM) -> None:
        self._left = values

    @property
    def is_left(self) -> bool:
        """Whether there is any."""
        return self._left > 0

    def holds(self, count: int, added: int) -> bool:
        """Take room for `added` more values of a field that now has `count`; False when they are too many."""
        self._left -= added
        if count <= EXACT and (self.is_left or count <= _FEW):
            return True
        self._left += count
        return False


class ValueCounts:
    """Counts each value, until there are too many different ones."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._table = numpy.zeros(_SMALLEST, dtype=_ENTRY)
        self._used = 0
        self._merged: Counter[int] = Counter()

    def add(self, values: Bits, found: Callable[[int, int], None] | None = None) -> Bits | None:
        """Count values.

        Args:
            values: these.
            found: gets each value that is new, and which of these it is.

        Returns:
            None; or, once there are too many different ones, those that were not counted.
        """
        done = 0
        while True:
            counted, used = count_into(self._table, values[done:])
            if found and used > self._used:
                self._tell(found, done)
            done += counted
            added, self._used = used - self._used, used
            if not self._room.holds(used, added) or (done < len(values) and len(self._table) == _LARGEST):
                return values[done:]
            if done == len(values):
                return None
            self._grow()

    def merge(self, other: ValueCounts) -> bool:
        """Count what another has counted too; whether that is not too much."""
        before = len(self.counts())
        self._merged.update(other.counts())
        after = len(self.counts())
        return self._room.holds(after, after - before)

    def arrays(self) -> tuple[Bits, Bits]:
        """The different values, and how often each occurs."""
        if self._merged:
            found = self.counts()
            return numpy.array(list(found), dtype=numpy.uint64), numpy.array(list(found.values()), dtype=numpy.uint64)
        used = self._table[self._table["count"] > 0]
        return used["value"].copy(), used["count"].copy()

    def counts(self) -> Counter[int]:
        """How often each value occurs."""
        used = self._table[self._table["count"] > 0]
        found = Counter(dict(zip(used["value"].tolist(), used["count"].tolist(), strict=True)))
        found.update(self._merged)
        return found

    def _tell(self, found: Callable[[int, int], None], begin: int) -> None:
        for at in numpy.flatnonzero((self._table["count"] > 0) & (self._table["row"] != _KNOWN)).tolist():
            found(int(self._table["value"][at]), begin + int(self._table["row"][at]))
            self._table["row"][at] = _KNOWN

    def _grow(self) -> None:
        larger = numpy.zeros(2 * len(self._table), dtype=_ENTRY)
        move_into(larger, self._table)
        self._table = larger
