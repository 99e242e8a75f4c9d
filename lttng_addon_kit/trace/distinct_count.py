# SPDX-License-Identifier: GPL-2.0-only
"""How many different values there are, in bounded memory."""

from __future__ import annotations

import numpy

from lttng_addon_kit.trace.native import lowest_hashes
from lttng_addon_kit.trace.value_counts import Bits

_HIGHEST = (1 << 64) - 1
# The error of the estimate is 1 / sqrt(kept): 0.8 %, and 3 % where memory is short.
MANY, FEW = 1 << 14, 1 << 10


class DistinctCount:
    """The lowest hashes of all values: their density tells how many there are (Bar-Yossef et al., 2002).

    What was counted apart gives the same when it is merged, in any order.
    """

    def __init__(self, kept: int = MANY) -> None:
        self._kept = kept
        self._limit = _HIGHEST
        self._hashes = numpy.empty(0, dtype=numpy.uint64)
        self._pending: list[Bits] = []
        self._waiting = 0

    def add(self, values: Bits) -> None:
        """Count integers of 64 bits."""
        self._take(numpy.frombuffer(lowest_hashes(values, self._limit), dtype=numpy.uint64))

    def merge(self, other: DistinctCount) -> None:
        """Count what another has counted too."""
        self._kept = min(self._kept, other._kept)
        self._take(other._hashes)
        for hashes in other._pending:
            self._take(hashes)
        self._settle()

    def count(self) -> int:
        """The number of different values, about; exact below `kept`."""
        self._settle()
        if len(self._hashes) < self._kept:
            return len(self._hashes)
        return round((self._kept - 1) / (int(self._hashes[-1]) / 2**64))

    def _take(self, hashes: Bits) -> None:
        self._pending.append(hashes)
        self._waiting += len(hashes)
        if self._waiting > self._kept:
            self._settle()

    def _settle(self) -> None:
        self._hashes = numpy.unique(numpy.concatenate([self._hashes, *self._pending]))[: self._kept]
        self._pending.clear()
        self._waiting = 0
        if len(self._hashes) == self._kept:
            self._limit = int(self._hashes[-1])
