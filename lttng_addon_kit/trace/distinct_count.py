# SPDX-License-Identifier: GPL-2.0-only
"""How many different values there are, in bounded memory."""

from __future__ import annotations

from math import inf, log, sqrt

import numpy

from lttng_addon_kit.trace.native import note_values
from lttng_addon_kit.trace.value_counts import Bits

# Registers; the estimate's standard error is 1.04 / sqrt of them: 0.8 %, and 3 % where memory is short.
MANY, FEW = 1 << 14, 1 << 10


class DistinctCount:
    """HyperLogLog with the estimator of O. Ertl (New cardinality estimation algorithms for HyperLogLog sketches, 2017).

    What was counted apart gives the same when it is merged, in any order.
    """

    def __init__(self, registers: int = MANY) -> None:
        self._registers = numpy.zeros(registers, dtype=numpy.uint8)

    def add(self, values: Bits) -> None:
        """Count integers of 64 bits."""
        note_values(self._registers, values)

    def merge(self, other: DistinctCount) -> None:
        """Count what another of as many registers has counted too."""
        self._registers = numpy.maximum(self._registers, other._registers)

    def count(self) -> int:
        """The number of different values, about."""
        size = len(self._registers)
        highest = 64 - (size.bit_length() - 1) + 1
        counts = numpy.bincount(self._registers, minlength=highest + 1).tolist()
        total = size * _tau(1 - counts[highest] / size)
        for rank in range(highest - 1, 0, -1):
            total = (total + counts[rank]) / 2
        return round(size * size / (2 * log(2) * (total + size * _sigma(counts[0] / size))))


def _sigma(share: float) -> float:
    if share == 1:
        return inf
    factor, total, before = 1.0, share, -1.0
    while total != before:
        share *= share
        before, total = total, total + share * factor
        factor *= 2
    return total


def _tau(share: float) -> float:
    if share in (0, 1):
        return 0
    factor, total, before = 1.0, 1 - share, -1.0
    while total != before:
        share = sqrt(share)
        factor /= 2
        before, total = total, total - (1 - share) ** 2 * factor
    return total / 3
