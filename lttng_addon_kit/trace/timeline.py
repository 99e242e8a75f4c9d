# SPDX-License-Identifier: GPL-2.0-only
"""When events occurred: counts in equal buckets, in bounded memory, without knowing the span beforehand."""

from __future__ import annotations

from collections import Counter

import numpy
from numpy.typing import NDArray

# Buckets kept while reading; the timeline shown has at most `BUCKETS`.
BUCKETS = 64
_KEPT = 4 * BUCKETS


class Timeline:
    """Counts in buckets of 2**shift ns, aligned to it; the width doubles when there would be too many."""

    def __init__(self) -> None:
        self._shift = 0
        self._counts: Counter[int] = Counter()

    def add(self, times_ns: NDArray[numpy.int64]) -> None:
        """Count events at these times, in any order."""
        low, high = int(times_ns.min()), int(times_ns.max())
        if self._counts:
            low = min(low, min(self._counts) << self._shift)
            high = max(high, max(self._counts) << self._shift)
        self._widen(_shift_for(low, high, _KEPT))
        first = low >> self._shift
        counts = numpy.bincount((times_ns >> self._shift) - first)
        for bucket in numpy.flatnonzero(counts).tolist():
            self._counts[first + bucket] += int(counts[bucket])

    def counts(self, begin_ns: int, end_ns: int) -> tuple[int, int, list[int]]:
        """The first bucket's begin and the width, both in ns, and the counts of buckets from begin to end."""
        self._widen(_shift_for(begin_ns, end_ns, BUCKETS))
        first, last = begin_ns >> self._shift, end_ns >> self._shift
        return first << self._shift, 1 << self._shift, [self._counts[at] for at in range(first, last + 1)]

    def _widen(self, shift: int) -> None:
        if shift <= self._shift:
            return
        wider: Counter[int] = Counter()
        for bucket, count in self._counts.items():
            wider[bucket >> (shift - self._shift)] += count
        self._counts = wider
        self._shift = shift


def _shift_for(low: int, high: int, buckets: int) -> int:
    shift = max(0, ((high - low) // buckets).bit_length() - 1)
    while (high >> shift) - (low >> shift) >= buckets:
        shift += 1
    return shift
