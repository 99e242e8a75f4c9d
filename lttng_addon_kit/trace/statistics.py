# SPDX-License-Identifier: GPL-2.0-only
"""Statistics over values that come in batches, in bounded memory: exact at first, sketched when too many.

The sketches are those of Apache DataSketches: KLL for quantiles (rank error 0.3 %), HyperLogLog for distinct
counts (about 1 %), frequent items for the most frequent values (0.1 % of all).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterable
from itertools import accumulate
from math import ceil, isfinite, nextafter
from typing import Any

import numpy
from datasketches import (
    frequent_items_error_type,
    frequent_strings_sketch,
    hll_sketch,
    kll_doubles_sketch,
)

from lttng_addon_kit.trace.kept_text import bound, shown
from lttng_addon_kit.trace.model import Bucket, Numbers, Pointers, TextValues

# Up to so many distinct values are counted one by one.
EXACT = 4096
# Of all fields together, some 120 bytes each; and of a field in any case.
_ROOM = 1 << 19
_FEW = 64
TOP = 10
_KLL_SIZE = 1024
_HLL_LOG_SIZE = 14
_FREQUENT_LOG_SIZE = 12
_SMALL_LOG_SIZE = 8
_BUCKETS = 16
_UPPER_HALF = 1 << 63
_MASK = (1 << 64) - 1


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


class DistinctCount:
    """How many different values there are."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._values: set[Any] = set()
        self._sketch: Any = None

    @property
    def exact(self) -> bool:
        """Whether the count is exact."""
        return self._sketch is None

    def add(self, values: Iterable[Any]) -> None:
        """Count these: integers of 64 bits, or text."""
        if self._sketch is None:
            before = len(self._values)
            self._values.update(values)
            if self._room.holds(len(self._values), len(self._values) - before):
                return
            self._sketch = hll_sketch(_HLL_LOG_SIZE)
            values, self._values = self._values, set()
        deque(map(self._sketch.update, _hashable(set(values))), maxlen=0)

    def count(self) -> int:
        """The number of different values."""
        return len(self._values) if self._sketch is None else round(self._sketch.get_estimate())


class WideStatistics:
    """Integers of 64 bits that are shown in base 16: pointers, of which the values mean little, or numbers.

    Args:
        is_pointer: None where it isn't known. Then they are pointers if all but 0 lie in the upper half of all
            addresses, where the kernel's are.
    """

    def __init__(self, is_pointer: bool | None, room: Room) -> None:
        self._is_pointer = is_pointer
        self._null = 0
        self._low = _UPPER_HALF
        self._distinct = DistinctCount(room)
        self._numbers = NumberStatistics("integer", 16, room)

    def add(self, values: list[int]) -> None:
        """Count these values."""
        self._null += values.count(0)
        self._low = min(self._low, min((value for value in values if value), default=self._low))
        self._distinct.add(value & _MASK for value in values)
        self._numbers.add(values)

    def result(self) -> Pointers | Numbers:
        """What was counted."""
        numbers = self._numbers.result()
        if self._is_pointer if self._is_pointer is not None else self._are_kernel_addresses(numbers.count):
            return Pointers(numbers.count, self._distinct.exact, self._distinct.count(), self._null)
        return numbers

    def _are_kernel_addresses(self, count: int) -> bool:
        return self._null < count and self._low >= _UPPER_HALF


class ValueStatistics:
    """Count how often each value occurs. `label` makes a value readable; it is called once per value and batch."""

    def __init__(self, kind: Any, label: Callable[[Any], str], room: Room) -> None:
        self._room = room
        self._kind = kind
        self._label = label
        self._count = 0
        self._counts: Counter[str] = Counter()
        self._distinct = DistinctCount(room)
        self._sketch: Any = None

    def add(self, values: list[Any]) -> None:
        """Count these values."""
        self._count += len(values)
        labelled: Counter[str] = Counter()
        for value, count in Counter(values).items():
            labelled[bound(self._label(value))] += count
        self._distinct.add(labelled)
        if self._sketch is None:
            self._counts.update(labelled)
            if self._distinct.exact:
                return
            self._sketch = frequent_strings_sketch(_FREQUENT_LOG_SIZE if self._room.is_left else _SMALL_LOG_SIZE)
            labelled, self._counts = self._counts, Counter()
        for text, count in labelled.items():
            self._sketch.update(text, count)

    def result(self) -> TextValues:
        """What was counted."""
        return TextValues(self._kind, self._count, self._sketch is None, self._distinct.count(), self._top())

    def _top(self) -> list[tuple[str, int]]:
        if self._sketch is None:
            return [(shown(text), count) for text, count in _top(self._counts)]
        found = self._sketch.get_frequent_items(frequent_items_error_type.NO_FALSE_POSITIVES)
        return [(shown(text), estimate) for text, estimate, _lower, _upper in found[:TOP]]


class NumberStatistics:
    """Numbers: extremes, mean, quantiles, a histogram; the most frequent ones while they are few."""

    def __init__(self, kind: Any, base: int, room: Room) -> None:
        self._room = room
        self._kind = kind
        self._base = base
        self._count = 0
        self._sum: int | float = 0
        self._low: int | float | None = None
        self._high: int | float | None = None
        self._counts: Counter[int | float] | None = Counter()
        self._quantiles = kll_doubles_sketch(_KLL_SIZE)

    def add(self, values: list[Any]) -> None:
        """Count these numbers; what is no number (a float's NaN) or infinite isn't counted."""
        if self._kind == "float":
            values = [value for value in values if isfinite(value)]
        if not values:
            return
        self._count += len(values)
        self._sum += sum(values)
        low, high = min(values), max(values)
        self._low = low if self._low is None else min(self._low, low)
        self._high = high if self._high is None else max(self._high, high)
        self._quantiles.update(numpy.array(values, dtype=numpy.float64))
        if self._counts is not None:
            before = len(self._counts)
            self._counts.update(values)
            if not self._room.holds(len(self._counts), len(self._counts) - before):
                self._counts = None

    def result(self) -> Numbers:
        """What was counted."""
        if self._low is None or self._high is None:
            return Numbers(self._kind, self._base, 0, True, None, None, None, None, None, 0, [], [])
        counts = self._counts
        rank = _Exact(counts) if counts is not None else _Sketched(self._quantiles)
        median, high_quantile = (self._number(rank.quantile(at)) for at in (0.50, 0.99))
        return Numbers(
            type=self._kind,
            base=self._base,
            count=self._count,
            exact=counts is not None,
            min=self._low,
            mean=self._sum / self._count,
            p50=median,
            p99=high_quantile,
            max=self._high,
            distinct=len(counts) if counts is not None else None,
            top=_top(counts) if counts is not None else [],
            histogram=_histogram(self._edges(median), rank.below),
        )

    def _number(self, quantile: float) -> int | float:
        if self._kind == "float":
            return quantile
        assert self._low is not None and self._high is not None
        return min(max(round(quantile), self._low), self._high)

    def _edges(self, median: int | float) -> list[int | float]:
        """The bounds of the histogram's buckets: powers of two where the values span many, else linear."""
        assert self._low is not None and self._high is not None
        low, high = self._low, self._high
        if self._kind == "float":
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


class _Exact:
    """Ranks from counts of each value."""

    def __init__(self, counts: Counter[int | float]) -> None:
        self._values = sorted(counts)
        self._ranks = list(accumulate(counts[value] for value in self._values))

    def quantile(self, at: float) -> int | float:
        """The smallest value that at least this share of all values don't exceed."""
        return self._values[bisect_left(self._ranks, at * self._ranks[-1])]

    def below(self, bound: int | float) -> int:
        """How many values are smaller."""
        index = bisect_left(self._values, bound)
        return self._ranks[index - 1] if index else 0


class _Sketched:
    """Ranks from a KLL sketch."""

    def __init__(self, sketch: Any) -> None:
        self._sketch = sketch

    def quantile(self, at: float) -> float:
        """As for exact ranks, about."""
        return float(self._sketch.get_quantile(at, True))

    def below(self, bound: int | float) -> int:
        """How many values are smaller, about."""
        rank: float = self._sketch.get_rank(float(bound), False)
        return round(rank * int(self._sketch.n))


def _hashable(values: set[Any]) -> list[Any]:
    """The values as a sketch takes them: it makes a float of an integer over 63 bits, and they collide."""
    if isinstance(next(iter(values), None), int):
        signed: list[int] = numpy.array(list(values), dtype=numpy.uint64).view(numpy.int64).tolist()
        return signed
    return list(values)


def _top(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most frequent values, equally frequent ones in order: the same trace gives the same summary."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]


def _histogram(edges: list[int | float], below: Callable[[int | float], int]) -> list[Bucket]:
    ranks = [below(edge) for edge in edges]
    return [
        Bucket(low, high, last - first)
        for low, high, first, last in zip(edges, edges[1:], ranks, ranks[1:], strict=False)
    ]
