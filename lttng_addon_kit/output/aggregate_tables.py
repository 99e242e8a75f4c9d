# SPDX-License-Identifier: GPL-2.0-only
"""Aggregates for a person: tables, histograms as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from lttng_addon_kit.output.counts_table import CountsTable
from lttng_addon_kit.output.summary_text import bar_line
from lttng_addon_kit.session.collected import Gained, GainedRow, Snapshot, gained
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import find_kind
from lttng_addon_kit.terminal import printable

_BAR = 40
# Keys of which the buckets are shown a line each.
_FULL_HISTOGRAMS = 3


def aggregate_tables(before: Snapshot, after: Snapshot) -> Iterator[RenderableType]:
    """Show what two snapshots of one addon differ by: a table of hits, and one for each aggregate."""
    yield _hits_table(before, after)
    for name, now in after.aggregates.items():
        yield Text()
        came = gained(before.aggregates[name], now)
        yield _aggregate_table(name, came)
        yield from _histograms(came)
        if came.overflow:
            yield Text(f"  {came.overflow:,} values were dropped: the table of keys was full (raise keys)")


def _hits_table(before: Snapshot, after: Snapshot) -> Table:
    table = CountsTable("collected from", "seen", "passed", "recorded", "lost")
    for name, now in after.hits.items():
        then = before.hits[name]
        gained = (now.seen - then.seen, now.passed - then.passed, now.recorded - then.recorded, now.lost - then.lost)
        table.add_row(name, *(f"{number:,}" for number in gained))
    return table


def _aggregate_table(name: str, came: Gained) -> Table:
    columns = find_kind(came.kind).columns
    table = CountsTable(f"{name}: {_about(came)}", *(each.title for each in columns))
    for row in came.rows:
        table.add_row(_key(row), *(each.text(row) for each in columns))
    return table


def _about(values: Gained) -> str:
    of = f" of {values.value}" if values.value else ""
    by = f" by {values.by}" if values.by else ""
    return f"{values.kind}{of}{by}"


def _key(row: GainedRow) -> str:
    return "" if row.key is None else printable(str(row.key))


def _histograms(came: Gained) -> Iterator[Table]:
    """A histogram of each key, a line for each bucket; of many keys, a line for each key."""
    rows = [row for row in came.rows if any(count for _, count in row.buckets)]
    if len(rows) > _FULL_HISTOGRAMS:
        yield _lines(rows)
    else:
        yield from (_histogram(_key(row), row.buckets) for row in rows)


def _lines(rows: Sequence[GainedRow]) -> Table:
    """The buckets of each key from its first that has something to its last, as a line of bars."""
    table = CountsTable("  distribution", "from", "", "up to")
    table.columns[2].justify = "left"
    for row in rows:
        filled = [index for index, (_, count) in enumerate(row.buckets) if count]
        first, end = filled[0], filled[-1] + 1
        bars = bar_line([count for _, count in row.buckets[first:end]])
        begin, last = row.buckets[first][0], row.buckets[end][0] if end < len(row.buckets) else None
        table.add_row(
            f"    {_key(row)}", "below" if begin is None else f"{begin:,}", bars, "" if last is None else f"{last:,}"
        )
    return table


def _histogram(key: str, buckets: Sequence[tuple[int | None, int]]) -> Table:
    """From the first bucket that has something to the last."""
    filled = [index for index, (_, count) in enumerate(buckets) if count]
    most = max(count for _, count in buckets)
    table = CountsTable(f"  {key}", "count", "")
    table.columns[2].justify = "left"
    for begin, count in buckets[filled[0] : filled[-1] + 1]:
        label = "below" if begin is None else f"from {begin:,}"
        table.add_row(f"    {label}", f"{count:,}", "█" * round(_BAR * count / most))
    return table
