# SPDX-License-Identifier: GPL-2.0-only
"""How often which values came when: counts in cells of time and magnitude, in bounded memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

# Buckets of time while reading; at most half of it is shown.
_KEPT = 256
_SHOWN = 96
# Rows an octave; row 0 has what is below 1.
_PER_OCTAVE = 4


@dataclass(frozen=True)
class HeatCells:
    """`cells` has (column, row, count); columns are `bucket_ns` long from `begin_ns` on, rows begin at `lows`."""

    begin_ns: int
    bucket_ns: int
    columns: int
    lows: list[float]
    cells: list[tuple[int, int, int]]


class HeatMap:
    """Counts by 2**shift ns and by a quarter of an octave; the time of a cell doubles when there would be too many."""

    def __init__(self) -> None:
        self._shift = 0
        self._counts: Counter[tuple[int, int]] = Counter()
        self._times: tuple[int, int] | None = None

    def add(self, times_ns: NDArray[numpy.int64], values: NDArray[numpy.float64]) -> None:
        """Count values that came at these times."""
        low, high = self._times or (int(times_ns[0]), int(times_ns[-1]))
        self._times = min(low, int(times_ns.min())), max(high, int(times_ns.max()))
        self._widen(_KEPT)
        rows = 1 + numpy.floor(numpy.log2(numpy.maximum(values, 1)) * _PER_OCTAVE).astype(numpy.int64)
        rows[values < 1] = 0
        pairs, counts = numpy.unique((times_ns >> self._shift) * 1024 + rows, return_counts=True)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            self._counts[divmod(pair, 1024)] += count

    def result(self) -> HeatCells | None:
        """What was counted; None where nothing was."""
        if self._times is None:
            return None
        self._widen(_SHOWN)
        first, last = (each >> self._shift for each in self._times)
        rows = {row for _column, row in self._counts}
        positive = range(min(rows - {0}, default=1), max(rows) + 1)
        # What is below 1 stands right below the smallest that isn't.
        lows = [0.0] * (0 in rows) + [2 ** ((row - 1) / _PER_OCTAVE) for row in positive]
        lowest = positive.start - (0 in rows)
        cells = [
            (column - first, max(row, lowest) - lowest, count) for (column, row), count in sorted(self._counts.items())
        ]
        return HeatCells(first << self._shift, 1 << self._shift, last - first + 1, lows, cells)

    def _widen(self, buckets: int) -> None:
        low, high = self._times or (0, 0)
        shift = self._shift
        while (high >> shift) - (low >> shift) >= buckets:
            shift += 1
        if shift > self._shift:
            wider: Counter[tuple[int, int]] = Counter()
            for (column, row), count in self._counts.items():
                wider[column >> (shift - self._shift), row] += count
            self._shift, self._counts = shift, wider
