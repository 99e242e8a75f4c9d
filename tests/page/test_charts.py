# SPDX-License-Identifier: GPL-2.0-only
"""Shapes of a page are in proportion to the numbers; what is gathered for them is what exact counting gives."""

from __future__ import annotations

import re
from collections import Counter

import numpy
import pytest

from lttng_addon_kit.output.page.charts import Frame, bars, flame_boxes, heat, log_place, log_ticks, span_boxes
from lttng_addon_kit.trace.details import PERCENTILES, LongSpan, Stacks
from lttng_addon_kit.trace.heat_map import HeatMap
from lttng_addon_kit.trace.log_histogram import LogHistogram


def heights(path: str) -> dict[int, int]:
    return {int(at): int(height) for at, height in re.findall(r"M(\d+) 100v-(\d+)h1v\2z", path)}


def test_bars_are_in_proportion_and_never_empty() -> None:
    drawn = bars([0, 1, 500, 1000])
    assert (drawn.columns, heights(drawn.path)) == (4, {1: 1, 2: 50, 3: 100})
    assert bars([]).path == bars([0, 0]).path == ""


def test_a_logarithmic_axis() -> None:
    assert [log_place(value, 1, 100) for value in (0.5, 1, 10, 100)] == [0, 0, 50, 100]
    assert [(tick.value, tick.at) for tick in log_ticks(5, 2000)] == [
        (value, log_place(value, 5, 2000)) for value in (10, 100, 1000)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_percentiles_are_within_a_hundredth(seed: int) -> None:
    draw = numpy.random.default_rng(seed)
    values = numpy.floor(draw.lognormal(9, 2.5, 100_000))
    histogram = LogHistogram()
    for part in numpy.array_split(values, 7):
        histogram.add(part)
    exact = numpy.quantile(values, PERCENTILES, method="inverted_cdf")
    assert histogram.percentiles(PERCENTILES) == pytest.approx(exact.tolist(), rel=0.0109)


def test_percentiles_of_little() -> None:
    histogram = LogHistogram()
    assert histogram.percentiles(PERCENTILES) == []
    histogram.add(numpy.array([0.0, 0.0, -5.0]))
    assert histogram.percentiles(PERCENTILES) == [0] * len(PERCENTILES)
    histogram.add(numpy.array([7.0]))
    assert histogram.percentiles((0.5, 1)) == [0, pytest.approx(7, rel=0.01)]


@pytest.mark.parametrize("seed", range(4))
def test_a_heat_map_loses_nothing(seed: int) -> None:
    draw = numpy.random.default_rng(seed)
    times = numpy.sort(draw.integers(10**18, 10**18 + 10**10, 5000))
    values = numpy.floor(draw.lognormal(6, 3, 5000)) - 1
    whole = HeatMap()
    for some in numpy.array_split(numpy.arange(5000), 9):
        whole.add(times[some], values[some])
    cells = whole.result()
    assert cells is not None
    assert cells.columns <= 96
    expected: Counter[tuple[int, int]] = Counter()
    for time, value in zip(times.tolist(), values.tolist(), strict=True):
        row = max(at for at, low in enumerate(cells.lows) if low <= max(value, 0))
        expected[(time - cells.begin_ns) // cells.bucket_ns, row] += 1
    assert {(column, row): count for column, row, count in cells.cells} == expected
    drawn = heat(cells)
    assert sum(path.count("M") for _level, path in drawn.levels) == len(cells.cells)


def test_spans_that_overlap_are_on_different_lines() -> None:
    spans = [LongSpan(duration, end, 0, "") for duration, end in ((100, 100), (50, 120), (20, 130), (10, 60))]
    boxes = span_boxes(spans, 0, 200)
    assert [(box.left, box.width, box.line) for box in boxes] == [(0, 50, 0), (25, 5, 1), (35, 25, 1), (55, 10, 0)]


def test_a_flame_is_as_wide_as_its_share() -> None:
    stacks = Stacks((((1, 2, 3), 6), ((4, 2, 3), 3), ((9,), 1)), 0)
    boxes = flame_boxes(stacks)
    found = {(box.line, box.of.address): box.width for box in boxes if isinstance(box.of, Frame)}
    assert found == {(0, 3): 90, (1, 2): 90, (2, 1): 60, (2, 4): 30, (0, 9): 10}
