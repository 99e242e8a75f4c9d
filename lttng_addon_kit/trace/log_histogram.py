# SPDX-License-Identifier: GPL-2.0-only
"""Percentiles of positive numbers over many decades, in bounded memory: counts in buckets of equal ratio.

A bucket is 1.1 % wide, so a percentile is at most 0.6 % off, the far ones too; histograms add up in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy
from numpy.typing import NDArray

_PER_OCTAVE = 64
# The bucket of 0 and below, which have no logarithm.
_LOWEST = -(1 << 20)


class LogHistogram:
    """Counts of numbers, by their logarithms."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._high = 0.0

    def add(self, values: NDArray[numpy.float64]) -> None:
        """Count these numbers."""
        self._high = max(self._high, float(values.max()))
        positive = values[values > 0]
        buckets, counts = numpy.unique(numpy.floor(numpy.log2(positive) * _PER_OCTAVE), return_counts=True)
        self._counts.update(dict(zip(buckets.astype(int).tolist(), counts.tolist(), strict=True)))
        if len(positive) < len(values):
            self._counts[_LOWEST] += len(values) - len(positive)

    def percentiles(self, shares: Sequence[float]) -> list[float]:
        """For each share of all numbers (0 to 1, rising): about the smallest that so many don't exceed."""
        total = sum(self._counts.values())
        found: list[float] = []
        seen = 0
        for bucket, count in sorted(self._counts.items()):
            seen += count
            while len(found) < len(shares) and shares[len(found)] * total <= seen:
                found.append(self._middle(bucket))
        return found

    def _middle(self, bucket: int) -> float:
        return 0.0 if bucket == _LOWEST else min(2.0 ** ((bucket + 0.5) / _PER_OCTAVE), self._high)
