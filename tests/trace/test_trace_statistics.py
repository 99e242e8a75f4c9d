# SPDX-License-Identifier: GPL-2.0-only
"""Statistics: exact while there are few values, close and bounded when there are many."""

from __future__ import annotations

import random
import tracemalloc

import numpy
import pytest

from lttng_addon_kit.trace.column import text_array
from lttng_addon_kit.trace.column_statistics import TextStatistics
from lttng_addon_kit.trace.kept_text import TEXT_LENGTH
from lttng_addon_kit.trace.model import Numbers, Pointers
from lttng_addon_kit.trace.statistics import NumberStatistics, WideStatistics
from lttng_addon_kit.trace.timeline import BUCKETS, Timeline
from lttng_addon_kit.trace.value_counts import EXACT, Room


def _numbers(*batches: list[int]) -> Numbers:
    statistics = NumberStatistics("integer", 10, Room())
    for batch in batches:
        statistics.add(numpy.array(batch))
    return statistics.result()


def test_few_numbers_are_exact() -> None:
    numbers = _numbers([3, 1, 2], [2, -5])
    assert numbers.exact
    assert (numbers.min, numbers.mean, numbers.p50, numbers.p99, numbers.max) == (-5, 0.6, 2, 3, 3)
    assert numbers.top[0] == (2, 2)
    assert sum(bucket.count for bucket in numbers.histogram) == 5


def test_large_integers_keep_their_digits() -> None:
    assert _numbers([2**64 - 1]).p50 == 2**64 - 1
    assert _numbers([-(2**63)]).min == -(2**63)


def test_many_numbers_are_close() -> None:
    draw = random.Random(1)
    values = [int(draw.lognormvariate(10, 2)) for _ in range(100_000)]
    statistics = NumberStatistics("integer", 10, Room())
    for at in range(0, len(values), 10_000):
        statistics.add(numpy.array(values[at : at + 10_000]))
    numbers = statistics.result()
    assert not numbers.exact
    assert (numbers.min, numbers.max) == (min(values), max(values))
    assert numbers.mean == pytest.approx(sum(values) / len(values))
    ordered = sorted(values)
    for share, found in ((0.50, numbers.p50), (0.99, numbers.p99)):
        assert found is not None
        assert numpy.searchsorted(ordered, found) / len(ordered) == pytest.approx(share, abs=0.005)
    assert sum(bucket.count for bucket in numbers.histogram) == len(values)
    assert all(bucket.high in (1, 2 * bucket.low) for bucket in numbers.histogram), "powers of two"


def test_no_numbers() -> None:
    numbers = NumberStatistics("float", 10, Room())
    numbers.add(numpy.array([float("nan"), float("inf")]))
    assert numbers.result().count == 0
    assert numbers.result().min is None


def test_a_single_float() -> None:
    numbers = NumberStatistics("float", 10, Room())
    numbers.add(numpy.array([0.25, 0.25]))
    assert [(bucket.low, bucket.count) for bucket in numbers.result().histogram] == [(0.25, 2)]


def test_pointers_that_differ_in_low_bits_stay_apart() -> None:
    pointers = WideStatistics(True, Room())
    base = 0xFFFF_8880_0000_0000
    pointers.add(base + numpy.arange(0, 6_400_000, 64, dtype=numpy.uint64))
    pointers.add(numpy.zeros(2, dtype=numpy.uint64))
    found = pointers.result()
    assert isinstance(found, Pointers)
    assert not found.exact
    assert found.distinct == pytest.approx(100_001, rel=0.03)
    assert found.null == 2


def test_text_beyond_the_exact_keeps_the_frequent() -> None:
    texts = TextStatistics(Room())
    for at in range(100):
        texts.add(text_array([f"seldom-{at}-{number}" for number in range(900)] + ["often"] * 100))
    found = texts.result()
    assert not found.exact
    assert found.count == 100_000
    assert found.distinct == pytest.approx(90_001, rel=0.03)
    assert found.top[0][0] == "often"
    assert found.top[0][1] == pytest.approx(10_000, rel=0.05)


def test_equally_frequent_text_is_in_order() -> None:
    texts = TextStatistics(Room())
    texts.add(text_array(["b", "a", "c", "c"]))
    assert texts.result().top == [("c", 2), ("a", 1), ("b", 1)]


def test_memory_is_bounded() -> None:
    tracemalloc.start()
    numbers, texts = NumberStatistics("integer", 10, Room()), TextStatistics(Room())
    peaks = []
    for at in range(40):
        batch = list(range(at * EXACT, (at + 1) * EXACT))
        numbers.add(numpy.array(batch))
        texts.add(text_array([str(number) + "x" * 2 * TEXT_LENGTH for number in batch]))
        peaks.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert peaks[-1] < max(peaks[:4]) * 1.2


def test_timeline_covers_the_span_and_loses_nothing() -> None:
    timeline = Timeline()
    begin = 1_795_424_836_805_346_765
    times = begin + numpy.cumsum(numpy.random.default_rng(1).integers(1, 10**6, 10_000))
    for batch in (times[5_000:], times[:5_000]):
        timeline.add(batch)
    first, width, counts = timeline.counts(begin, int(times[-1]))
    assert first <= begin < first + width
    assert len(counts) <= BUCKETS
    assert sum(counts) == 10_000
    assert counts == numpy.bincount((times - first) // width, minlength=len(counts)).tolist()


def test_room_for_exact_values_is_shared() -> None:
    room = Room(100)
    fields = [NumberStatistics("integer", 10, room) for _ in range(3)]
    for field in fields:
        field.add(numpy.arange(80))
    assert [field.result().exact for field in fields] == [True, False, False]
    few = NumberStatistics("integer", 10, Room(0))
    few.add(numpy.array([1, 2]))
    assert few.result().exact


def _partial_numbers(parts: list[numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]]) -> list[NumberStatistics]:
    found = []
    for part in parts:
        statistics = NumberStatistics("integer", 10, Room())
        statistics.add(part)
        found.append(statistics)
    return found


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_partial_results_add_up_in_any_order(order: tuple[int, ...]) -> None:
    parts = [numpy.arange(-300, 300), numpy.arange(100, 900) * 3, numpy.zeros(50, dtype=numpy.int64)]
    whole = NumberStatistics("integer", 10, Room())
    for part in parts:
        whole.add(part)
    first, *others = (_partial_numbers(parts)[at] for at in order)
    for other in others:
        first.merge(other)
    assert first.result() == whole.result()


def test_partial_results_that_are_not_exact_add_up_about() -> None:
    draw = numpy.random.default_rng(3)
    parts = [draw.integers(0, 10**9, size) for size in (200_000, 3_000, 90_000)]
    first, *others = _partial_numbers(parts)
    for other in others:
        first.merge(other)
    found = first.result()
    values = numpy.sort(numpy.concatenate(parts))
    assert (found.count, found.exact, found.min, found.max) == (len(values), False, values[0], values[-1])
    assert found.mean == pytest.approx(float(values.mean()))
    assert found.p50 is not None
    assert numpy.searchsorted(values, found.p50) / len(values) == pytest.approx(0.5, abs=0.015)
    assert sum(bucket.count for bucket in found.histogram) == len(values)


def test_partial_texts_and_pointers_add_up() -> None:
    texts, pointers = [], []
    for part in range(3):
        text, pointer = TextStatistics(Room()), WideStatistics(None, Room())
        text.add(text_array([f"{part}-{number}" for number in range(100)] + ["all"] * 7))
        pointer.add(numpy.uint64(2**63) + numpy.arange(part * 50_000, part * 50_000 + 60_000, dtype=numpy.uint64))
        texts.append(text)
        pointers.append(pointer)
    for text, pointer in zip(texts[1:], pointers[1:], strict=True):
        texts[0].merge(text)
        pointers[0].merge(pointer)
    found = texts[0].result()
    assert (found.count, found.exact, found.distinct, found.top[0]) == (321, True, 301, ("all", 21))
    addresses = pointers[0].result()
    assert isinstance(addresses, Pointers)
    assert addresses.count == 180_000
    assert addresses.distinct == pytest.approx(160_000, rel=0.03)


def test_numbers_of_both_signs_stay_apart() -> None:
    """The same bits, once signed and once not: two traces may disagree on a field."""
    numbers = NumberStatistics("integer", 10, Room())
    numbers.add(numpy.array([-1], dtype=numpy.int64))
    numbers.add(numpy.array([2**64 - 1], dtype=numpy.uint64))
    found = numbers.result()
    assert (found.min, found.max, found.distinct) == (-1, 2**64 - 1, 2)
