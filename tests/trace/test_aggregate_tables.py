# SPDX-License-Identifier: GPL-2.0-only
"""What is printed of aggregates: a histogram is of the workload's part, not of all since loading."""

from __future__ import annotations

import io

from rich.console import Console

from lttng_addon_client import Row
from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.session.collected import AggregateRows, Snapshot


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
