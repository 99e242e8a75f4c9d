# SPDX-License-Identifier: GPL-2.0-only
"""What is printed of aggregates: a histogram is of the workload's part, not of all since loading."""

from __future__ import annotations

import io

from rich.console import Console

from lttng_addon_client import Row
from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.session.collected import AggregateRows, Snapshot
from lttng_addon_kit.session.recording import CollectedMeanwhile


def _snapshot(*counts: int, overflow: int = 0) -> Snapshot:
    buckets = tuple(zip((None, 0, 1), counts, strict=True))
    row = Row(key="k", count=sum(counts), sum=10, min=0, max=1, buckets=buckets)
    rows = AggregateRows(kind="histogram", value="len", by="comm", rows=(row,), overflow=overflow)
    return Snapshot(addon="a", hits={}, aggregates={"sizes": rows})


def _printed(before: Snapshot, after: Snapshot) -> list[list[str]]:
    out = io.StringIO()
    console = Console(file=out, width=100)
    for part in aggregate_tables(before, after):
        console.print(part)
    return [line.split() for line in out.getvalue().splitlines()]


def test_a_histogram_is_of_what_came_meanwhile() -> None:
    lines = _printed(_snapshot(0, 100, 58), _snapshot(0, 500, 290, overflow=0))
    counts = {tuple(words[:2]): words[2] for words in lines if words[:1] == ["from"]}
    assert counts == {("from", "0"): "400", ("from", "1"): "232"}


def test_a_key_without_anything_new_has_no_histogram() -> None:
    lines = _printed(_snapshot(0, 100, 58), _snapshot(0, 100, 58))
    assert not [words for words in lines if words[:1] == ["from"]]


def test_overflow_is_of_what_came_meanwhile() -> None:
    lines = _printed(_snapshot(0, 1, 0, overflow=5), _snapshot(0, 2, 0, overflow=8))
    assert ["3", "values", "were", "dropped:"] in [words[:4] for words in lines]


def _spread(key: str, count: int, total: int, low: int, high: int) -> Snapshot:
    row = Row(key=key, count=count, sum=total, min=low, max=high)
    return Snapshot(
        addon="a",
        hits={},
        aggregates={"m": AggregateRows(kind="mean", value="len", by="comm", rows=(row,), overflow=0)},
    )


def test_count_and_mean_are_of_what_came_meanwhile_and_extremes_bounded() -> None:
    lines = _printed(_spread("k", 10, 1000, 5, 500), _spread("k", 12, 1060, 5, 900))
    assert lines[-1] == ["k", "2", "30.0", "≥", "5", "900"]


def test_extremes_of_a_new_key_are_its_own() -> None:
    assert _printed(_spread("old", 1, 1, 1, 1), _spread("k", 2, 60, 10, 50))[-1] == ["k", "2", "30.0", "10", "50"]


def test_a_key_that_was_reset_began_anew() -> None:
    assert _printed(_spread("k", 9, 9, 1, 1), _spread("k", 2, 60, 10, 50))[-1] == ["k", "2", "30.0", "10", "50"]


def test_the_json_has_the_difference() -> None:
    collected = CollectedMeanwhile(before=_snapshot(0, 100, 58), after=_snapshot(0, 500, 290))
    (row,) = collected.model_dump(mode="json")["gained"]["sizes"]["rows"]
    assert (row["count"], row["buckets"]) == (632, [[None, 0], [0, 400], [1, 232]])


def test_histograms_of_many_keys_are_a_line_each() -> None:
    rows = tuple(
        Row(key=f"k{at}", count=3, sum=3, min=0, max=1, buckets=((None, 0), (0, 1), (1, 2))) for at in range(15)
    )
    now = AggregateRows(kind="histogram", value="len", by="comm", rows=rows, overflow=0)
    then = AggregateRows(kind="histogram", value="len", by="comm", rows=(), overflow=0)
    before, after = (Snapshot(addon="a", hits={}, aggregates={"sizes": each}) for each in (then, now))
    lines = _printed(before, after)
    assert len(lines) < 40
    assert ["k14", "0", "▄█"] in lines
