# SPDX-License-Identifier: GPL-2.0-only
"""Statistics over columns that come in batches, in bounded memory: exact at first, estimated when too many.

What was gathered apart (of streams, of parts of a trace) gives the same when it is merged, in any order: exactly while
values are counted one by one. Beyond that, quantiles come from a sample (sample.py), distinct counts from the lowest
hashes (distinct_count.py), and the most frequent values from a sketch of Apache DataSketches (0.1 % of all).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy

from lttng_addon_kit.trace import distinct_count, sample
from lttng_addon_kit.trace.distinct_count import DistinctCount
from lttng_addon_kit.trace.kept_text import bound, shown
from lttng_addon_kit.trace.model import Numbers, Pointers, TextValues
from lttng_addon_kit.trace.number_counts import Array, Extent, ManyNumbers, NumberCounts, RankedNumbers, bits_of
from lttng_addon_kit.trace.ranks import ExactRanks, Number, Ranks, SampledRanks, edges, histogram
from lttng_addon_kit.trace.sample import Sample
from lttng_addon_kit.trace.value_counts import Bits, Room, ValueCounts

TOP = 10
_FREQUENT_LOG_SIZE = 12
_SMALL_LOG_SIZE = 8
_UPPER_HALF = 1 << 63


class NumberStatistics:
    """Numbers: extremes, mean, quantiles, a histogram; the most frequent ones while they are few.

    While values are counted, all else follows from the counts.
    """

    def __init__(self, kind: Any, base: int, room: Room) -> None:
        self._kind = kind
        self._base = base
        self._counts: NumberCounts | None = NumberCounts(room)
        self._many = ManyNumbers(Sample(sample.MANY if room.is_left else sample.FEW))

    def add(self, values: Array) -> None:
        """Count these numbers; what is no number (a float's NaN) or infinite isn't counted."""
        if self._kind == "float":
            values = values[numpy.isfinite(values)]
        if self._counts is not None:
            rest = self._counts.add(values)
            if rest is None:
                return
            self._stop_counting()
            values = rest
        if len(values):
            self._add_many(values)

    def merge(self, other: NumberStatistics) -> None:
        """Count what another has counted too."""
        if self._counts is not None and other._counts is not None:
            if not self._counts.merge(other._counts):
                self._stop_counting()
            return
        if self._counts is not None:
            self._stop_counting()
        if other._counts is not None:
            self._add_counted(other._counts)
        self._many.merge(other._many)

    def result(self) -> Numbers:
        """What was counted."""
        if self._counts is not None:
            found = self._counts.ranked()
            if not found.values:
                return self._nothing()
            return self._described(found.extent(), ExactRanks(found.values, found.counts), found)
        extent = self._many.extent
        return self._described(extent, SampledRanks(self._many.sample.sorted(), extent.count), None)

    def _stop_counting(self) -> None:
        counts, self._counts = self._counts, None
        assert counts is not None
        self._add_counted(counts)

    def _add_counted(self, counts: NumberCounts) -> None:
        for values, occurrences in counts.arrays():
            if len(values):
                self._many.add_counted(values, occurrences)

    def _add_many(self, values: Array) -> None:
        """Numbers that are not counted one by one."""
        self._many.add(values)

    def _nothing(self) -> Numbers:
        return Numbers(self._kind, self._base, 0, True, None, None, None, None, None, 0, [], [])

    def _described(self, extent: Extent, ranks: Ranks, counts: RankedNumbers | None) -> Numbers:
        low, high = extent.low, extent.high
        assert low is not None and high is not None
        median, high_quantile = (self._shown(ranks.quantile(at), low, high) for at in (0.50, 0.99))
        bounds = edges(low, high, median, is_float=self._kind == "float")
        return Numbers(
            type=self._kind,
            base=self._base,
            count=extent.count,
            exact=counts is not None,
            min=low,
            mean=extent.sum / extent.count,
            p50=median,
            p99=high_quantile,
            max=high,
            distinct=None if counts is None else len(counts.values),
            top=[] if counts is None else counts.top(TOP),
            histogram=histogram(bounds, ranks, extent.count),
        )

    def _shown(self, quantile: Number, low: Number, high: Number) -> Number:
        return quantile if self._kind == "float" else min(max(round(quantile), low), high)


class WideStatistics(NumberStatistics):
    """Integers of 64 bits that are shown in base 16: pointers, of which the values mean little, or numbers.

    Args:
        is_pointer: None where it isn't known. Then they are pointers if all but 0 lie in the upper half of all
            addresses, where the kernel's are.
    """

    def __init__(self, is_pointer: bool | None, room: Room) -> None:
        super().__init__("integer", 16, room)
        self._is_pointer = is_pointer
        self._null = 0
        self._low = _UPPER_HALF
        self._distinct = DistinctCount(distinct_count.MANY if room.is_left else distinct_count.FEW)

    def merge(self, other: NumberStatistics) -> None:
        super().merge(other)
        if isinstance(other, WideStatistics):
            self._null += other._null
            self._low = min(self._low, other._low)
            self._distinct.merge(other._distinct)

    def result(self) -> Numbers | Pointers:  # type: ignore[override]
        pointers, low = self._pointers()
        is_pointer = self._is_pointer
        if is_pointer is None:
            is_pointer = pointers.null < pointers.count and low >= _UPPER_HALF
        return pointers if is_pointer else super().result()

    def _pointers(self) -> tuple[Pointers, int]:
        """What they are as pointers, and the lowest besides 0."""
        if self._counts is None:
            return Pointers(self._many.extent.count, False, self._distinct.count(), self._null), self._low
        count = distinct = null = 0
        low = _UPPER_HALF
        for values, occurrences in self._counts.arrays():
            count += int(occurrences.sum())
            distinct += len(values)
            null += int(occurrences[values == 0].sum())
            low = min(low, _lowest(bits_of(values)))
        return Pointers(count, True, distinct, null), low

    def _add_counted(self, counts: NumberCounts) -> None:
        super()._add_counted(counts)
        for values, occurrences in counts.arrays():
            self._null += int(occurrences[values == 0].sum())
            self._note(bits_of(values))

    def _add_many(self, values: Array) -> None:
        super()._add_many(values)
        self._null += len(values) - int(numpy.count_nonzero(values))
        self._note(bits_of(values))

    def _note(self, bits: Bits) -> None:
        self._low = min(self._low, _lowest(bits))
        self._distinct.add(bits)


class ValueStatistics:
    """Count how often each value occurs, by a key of 64 bits that stands for it, and the text that it is shown as."""

    def __init__(self, kind: Any, room: Room) -> None:
        self._room = room
        self._kind = kind
        self._count = 0
        self._counts: ValueCounts | None = ValueCounts(room)
        self._texts: dict[int, str] = {}
        self._distinct = DistinctCount(distinct_count.MANY if room.is_left else distinct_count.FEW)
        self._frequent: Any = None

    def add(self, keys: Bits, text: Callable[[int], str]) -> None:
        """Count the values that these keys stand for; `text` gives the text of one of them."""
        self._count += len(keys)
        if self._counts is not None:
            rest = self._counts.add(keys, partial(self._name, text))
            if rest is None:
                return
            self._stop_counting()
            text = partial(_later, text, len(keys) - len(rest))
            keys = rest
        if len(keys):
            self._add_many(keys, text)

    def merge(self, other: ValueStatistics) -> None:
        """Count what another has counted too."""
        self._count += other._count
        self._texts.update(other._texts)
        if self._counts is not None and other._counts is not None:
            if not self._counts.merge(other._counts):
                self._stop_counting()
            return
        if self._counts is not None:
            self._stop_counting()
        if other._counts is not None:
            self._add_counted(other._counts)
        else:
            self._frequent.merge(other._frequent)
        self._distinct.merge(other._distinct)

    def result(self) -> TextValues:
        """What was counted."""
        if self._counts is not None:
            counted = self._by_text(self._counts)
            top = [(shown(text), count) for text, count in _top(counted)]
            return TextValues(self._kind, self._count, True, len(counted), top)
        from datasketches import frequent_items_error_type

        found = self._frequent.get_frequent_items(frequent_items_error_type.NO_FALSE_POSITIVES)
        top = [(shown(text), estimate) for text, estimate, _lower, _upper in found[:TOP]]
        return TextValues(self._kind, self._count, False, self._distinct.count(), top)

    def _name(self, text: Callable[[int], str], key: int, row: int) -> None:
        self._texts[key] = bound(text(row))

    def _by_text(self, counts: ValueCounts) -> Counter[str]:
        """How often each text occurs: several values may be shown as one."""
        counted: Counter[str] = Counter()
        for key, count in counts.counts().items():
            counted[self._texts[key]] += count
        return counted

    def _stop_counting(self) -> None:
        counts, self._counts = self._counts, None
        assert counts is not None
        # Only here, as it takes time to load: few traces need it.
        from datasketches import frequent_strings_sketch

        self._frequent = frequent_strings_sketch(_FREQUENT_LOG_SIZE if self._room.is_left else _SMALL_LOG_SIZE)
        self._add_counted(counts)
        self._texts.clear()

    def _add_counted(self, counts: ValueCounts) -> None:
        for text, count in self._by_text(counts).items():
            self._frequent.update(text, count)
        self._distinct.add(numpy.array(list(counts.counts()), dtype=numpy.uint64))

    def _add_many(self, keys: Bits, text: Callable[[int], str]) -> None:
        self._distinct.add(keys)
        _unique, rows, counts = numpy.unique(keys, return_index=True, return_counts=True)
        for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
            self._frequent.update(bound(text(row)), count)


def _lowest(bits: Bits) -> int:
    """The lowest besides 0 of the lower half of all addresses; of the upper half, its beginning."""
    return int(bits.min(where=bits != 0, initial=_UPPER_HALF))


def _later(text: Callable[[int], str], first: int, row: int) -> str:
    return text(first + row)


def _top(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """The most frequent values, equally frequent ones in order: the same trace gives the same summary."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP]
