# SPDX-License-Identifier: GPL-2.0-only
"""Numbers of any type, counted one by one; and what is kept of numbers that are too many for that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import mul
from typing import Any

import numpy
from numpy.typing import NDArray

from lttng_addon_kit.trace.ranks import Number
from lttng_addon_kit.trace.sample import Sample
from lttng_addon_kit.trace.value_counts import Bits, Room, ValueCounts

Array = NDArray[Any]

_LOW_WORD = 0xFFFF_FFFF


class NumberCounts:
    """How often each number occurs, until there are too many different ones; numbers of each type by themselves."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._by_type: dict[str, ValueCounts] = {}

    def add(self, values: Array) -> Array | None:
        """Count numbers: None; or, once there are too many different ones, those that were not counted."""
        rest = self._of_type(values.dtype.kind).add(bits_of(values))
        return None if rest is None else values[len(values) - len(rest) :]

    def merge(self, other: NumberCounts) -> bool:
        """Count what another has counted too; whether that is not too much."""
        fitting = [self._of_type(kind).merge(counts) for kind, counts in other._by_type.items()]
        return all(fitting)

    def arrays(self) -> Iterator[tuple[Array, Bits]]:
        """The different numbers, and how often each occurs, a type at a time."""
        for kind, of_type in self._by_type.items():
            bits, counts = of_type.arrays()
            yield bits.view(f"{kind}8"), counts

    def ranked(self) -> RankedNumbers:
        """The different numbers in order, and how often each occurs."""
        found = list(self.arrays())
        if len(found) == 1:
            ((values, counts),) = found
            order = numpy.argsort(values)
            return RankedNumbers(values[order].tolist(), counts[order].tolist())
        merged: Counter[Number] = Counter()
        for values, counts in found:
            merged.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        return RankedNumbers(sorted(merged), [merged[value] for value in sorted(merged)])

    def _of_type(self, kind: str) -> ValueCounts:
        return self._by_type.setdefault(kind, ValueCounts(self._room))


@dataclass
class Extent:
    """How many numbers there are, their sum, the lowest and the highest."""

    count: int = 0
    sum: Number = 0
    low: Number | None = None
    high: Number | None = None

    def include(self, other: Extent) -> None:
        """Widen it by others."""
        self.count += other.count
        self.sum += other.sum
        if other.low is not None and other.high is not None:
            self.low = other.low if self.low is None else min(self.low, other.low)
            self.high = other.high if self.high is None else max(self.high, other.high)


@dataclass(frozen=True)
class RankedNumbers:
    """Different numbers, and how often each occurs."""

    values: list[Number]
    counts: list[int]

    def extent(self) -> Extent:
        """How many they are with all their occurrences, and between which they lie."""
        total = sum(map(mul, self.values, self.counts))
        return Extent(sum(self.counts), total, min(self.values, default=None), max(self.values, default=None))

    def top(self, most: int) -> list[tuple[Number, int]]:
        """The most frequent, equally frequent ones in order: the same trace gives the same summary."""
        least = sorted(self.counts)[-most:][0] if self.counts else 0
        frequent = [(each, count) for each, count in zip(self.values, self.counts, strict=True) if count >= least]
        return sorted(frequent, key=lambda item: (-item[1], item[0]))[:most]


class ManyNumbers:
    """What is kept of numbers that are too many to be counted one by one."""

    def __init__(self, sample: Sample) -> None:
        self.extent = Extent()
        self.sample = sample

    def add(self, values: Array) -> None:
        """Numbers, at least one."""
        self.extent.include(Extent(len(values), exact_sum(values), values.min().item(), values.max().item()))
        self.sample.add(values)

    def add_counted(self, values: Array, counts: Bits) -> None:
        """Numbers of which each occurs so often."""
        self.extent.include(RankedNumbers(values.tolist(), counts.tolist()).extent())
        self.sample.add_counted(values, counts)

    def merge(self, other: ManyNumbers) -> None:
        """What another has kept."""
        self.extent.include(other.extent)
        self.sample.merge(other.sample)


def bits_of(values: Array) -> Bits:
    """Numbers as integers of 64 bits; equal ones have equal bits."""
    if values.dtype.kind == "f":
        # There are two zeros.
        return (values.astype(numpy.float64) + 0.0).view(numpy.uint64)
    wide = numpy.int64 if values.dtype.kind == "i" else numpy.uint64
    return values.astype(wide, copy=False).view(numpy.uint64)


def exact_sum(values: Array) -> Number:
    """The sum, which for integers may be larger than 64 bits."""
    if values.dtype.kind == "f":
        return float(values.sum(dtype=numpy.float64))
    if values.dtype.itemsize <= 4:
        return int(values.sum(dtype=numpy.int64))
    return (int((values >> 32).sum()) << 32) + int((values & _LOW_WORD).sum())
