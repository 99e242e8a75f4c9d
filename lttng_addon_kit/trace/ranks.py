# SPDX-License-Identifier: GPL-2.0-only
"""Ranks among numbers, exact or from a sample, and what a summary shows of them: quantiles and a histogram."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from math import ceil, nextafter
from typing import Protocol

import numpy

from lttng_addon_kit.trace.model import Bucket
from lttng_addon_kit.trace.sample import Reals

Number = int | float
_BUCKETS = 16


class Ranks(Protocol):
    """Where numbers stand among all."""

    def quantile(self, at: float) -> Number:
        """The smallest value that at least this share of all values don't exceed."""

    def below(self, bound: Number) -> int:
        """How many values are smaller."""


class ExactRanks:
    """Ranks from different values in order, and how often each occurs."""

    def __init__(self, values: list[Number], counts: list[int]) -> None:
        self._values = values
        self._ranks = list(accumulate(counts))

    def quantile(self, at: float) -> Number:
        return self._values[bisect_left(self._ranks, at * self._ranks[-1])]

    def below(self, bound: Number) -> int:
        index = bisect_left(self._values, bound)
        return self._ranks[index - 1] if index else 0


class SampledRanks:
    """Ranks from a sorted sample of `count` values."""

    def __init__(self, sample: Reals, count: int) -> None:
        self._sample = sample
        self._count = count

    def quantile(self, at: float) -> Number:
        return float(self._sample[max(0, ceil(at * len(self._sample)) - 1)])

    def below(self, bound: Number) -> int:
        return round(int(numpy.searchsorted(self._sample, float(bound))) * self._count / len(self._sample))


def edges(low: Number, high: Number, median: Number, *, is_float: bool) -> list[Number]:
    """The bounds of a histogram's buckets: powers of two where the values span many, else linear."""
    if is_float:
        if low == high:
            return [low, nextafter(high, float("inf"))]
        step = (high - low) / _BUCKETS
        return [*(low + at * step for at in range(_BUCKETS)), nextafter(high, float("inf"))]
    if low >= 0 and high > 64 * max(1, median):
        return [
            0 if power < 0 else 1 << power for power in range(int(low).bit_length() - 1, int(high).bit_length() + 1)
        ]
    width = max(1, ceil((int(high) - int(low) + 1) / _BUCKETS))
    return list(range(int(low), int(high) + width + 1, width))


def histogram(bounds: list[Number], ranks: Ranks, count: int) -> list[Bucket]:
    """The numbers of values between bounds, of which the last is above all `count` values."""
    below = [ranks.below(bound) for bound in bounds[:-1]] + [count]
    return [
        Bucket(low, high, last - first)
        for (low, high), (first, last) in zip(pairwise(bounds), pairwise(below), strict=True)
    ]
