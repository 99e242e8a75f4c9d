# SPDX-License-Identifier: GPL-2.0-only
"""Aggregates for a person: tables, histograms as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from lttng_addon_client import Row
from lttng_addon_kit.session.collected import AggregateRows, Snapshot
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import find_kind
from lttng_addon_kit.terminal import printable

_BAR = 40


def aggregate_tables(before: Snapshot, after: Snapshot) -> Iterator[RenderableType]:
    """Show what two snapshots of one addon differ by: a table of hits, and one for each aggregate."""
    yield _hits_table(before, after)
    for name, now in after.aggregates.items():
        yield Text()
        then = before.aggregates[name]
        yield _aggregate_table(name, then, now)
        yield from _histograms(then, now)
        overflow = now.overflow - then.overflow
        if overflow:
            yield Text(f"  {overflow:,} values were dropped: the table of keys was full (raise keys)")


def _hits_table(before: Snapshot, after: Snapshot) -> Table:
    table = _table("collected from", "seen", "passed", "recorded", "lost")
    for name, now in after.hits.items():
        then = before.hits[name]
        gained = (now.seen - then.seen, now.passed - then.passed, now.recorded - then.recorded, now.lost - then.lost)
        table.add_row(name, *(f"{number:,}" for number in gained))
    return table


def _aggregate_table(name: str, then: AggregateRows, now: AggregateRows) -> Table:
    columns = find_kind(now.kind).columns
    table = _table(f"{name}: {_about(now)}", *(each.title for each in columns))
    known = {row.key: row for row in then.rows}
    for row in now.rows:
        table.add_row(_key(row), *(each.text(known.get(row.key), row) for each in columns))
    return table


def _about(values: AggregateRows) -> str:
    of = f" of {values.value}" if values.value else ""
    by = f" by {values.by}" if values.by else ""
    return f"{values.kind}{of}{by}"


def _key(row: Row) -> str:
    return "" if row.key is None else printable(str(row.key))


def _histograms(then: AggregateRows, now: AggregateRows) -> Iterator[Table]:
    """What came between two readings, of each key that has something."""
    known = {row.key: dict(row.buckets) for row in then.rows}
    for row in now.rows:
        earlier = known.get(row.key, {})
        gained = [(begin, count - earlier.get(begin, 0)) for begin, count in row.buckets]
        if any(count for _, count in gained):
            yield _histogram(_key(row), gained)


def _histogram(key: str, buckets: Sequence[tuple[int | None, int]]) -> Table:
    """From the first bucket that has something to the last."""
    filled = [index for index, (_, count) in enumerate(buckets) if count]
    most = max(count for _, count in buckets)
    table = _table(f"  {key}", "count", "")
    table.columns[2].justify = "left"
    for begin, count in buckets[filled[0] : filled[-1] + 1]:
        label = "below" if begin is None else f"from {begin:,}"
        table.add_row(f"    {label}", f"{count:,}", "█" * round(_BAR * count / most))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(title, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right")
    return table
