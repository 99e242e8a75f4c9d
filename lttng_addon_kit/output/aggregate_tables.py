# SPDX-License-Identifier: GPL-2.0-only
"""Aggregates for a person: tables, histograms as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

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
_MOST_LINES = 66

_Counts: TypeAlias = Sequence[tuple[int | None, int]]


def aggregate_tables(before: Snapshot, after: Snapshot) -> Iterator[RenderableType]:
    """Show what two snapshots of one addon differ by: a table of hits, and one for each aggregate."""
    yield _hits_table(before, after)
    for name, now in after.aggregates.items():
        yield Text()
        came = gained(before.aggregates[name], now)
        yield _aggregate_table(name, came)
        yield from _histograms(came)
        if came.overflow:
            yield Text(f"  {_overflow(came)}")


def _overflow(came: Gained) -> str:
    if came.unsure:
        return f"keys gave way to others {came.overflow:,} times: each may have up to {came.unsure:,} more (raise keys)"
    return f"{came.overflow:,} values were dropped: the table of keys was full (raise keys)"


def _hits_table(before: Snapshot, after: Snapshot) -> Table:
    table = CountsTable("collected from", "seen", "passed", "recorded", "lost")
    for name, now in after.hits.items():
        then = before.hits[name]
        gained = (now.seen - then.seen, now.passed - then.passed, now.recorded - then.recorded, now.lost - then.lost)
        table.add_row(name, *(f"{number:,}" for number in gained))
    return table


def _aggregate_table(name: str, came: Gained) -> Table:
    columns = find_kind(came.kind).columns
    more = came.by[1:] if isinstance(came.by, tuple) else ()
    table = CountsTable(f"{name}: {_about(came)}", *more, *(each.title for each in columns))
    for column in table.columns[1 : 1 + len(more)]:
        column.justify = "left"
    for row in came.rows:
        table.add_row(*_key_parts(row, came.every_ns), *(each.text(row) for each in columns))
    return table


def _about(values: Gained) -> str:
    of = f" of {values.value}" if values.value else ""
    by = f" by {values.by if isinstance(values.by, str) else ', '.join(values.by)}" if values.by else ""
    return f"{values.kind}{of}{by}"


def _key(row: GainedRow, every_ns: int) -> str:
    return ", ".join(_key_parts(row, every_ns))


def _key_parts(row: GainedRow, every_ns: int) -> list[str]:
    parts = list(row.key) if isinstance(row.key, list | tuple) else [row.key]
    if every_ns:
        parts[0] = f"{parts[0] / 10**9:.3f} s"
    return ["" if part is None else printable(str(part)) for part in parts]


def _histograms(came: Gained) -> Iterator[Table]:
    """A histogram of each key, a line for each bucket; of many keys, a line for each key."""
    rows = [(_key(row, came.every_ns), row.buckets) for row in came.rows if any(count for _, count in row.buckets)]
    if len(rows) > _FULL_HISTOGRAMS:
        yield _lines(rows)
    else:
        yield from (_histogram(key, buckets) for key, buckets in rows)


def _lines(rows: Sequence[tuple[str, _Counts]]) -> Table:
    """The buckets of each key, as a line of bars."""
    table = CountsTable("  distribution", "from", "", "up to")
    table.columns[2].justify = "left"
    for key, buckets in rows:
        filled, end = _filled(buckets)
        bars = bar_line([count for _, count in filled])
        table.add_row(f"    {key}", _begin(filled[0][0]), bars, "" if end is None else f"{end:,}")
    return table


def _histogram(key: str, buckets: _Counts) -> Table:
    filled, _ = _filled(buckets)
    most = max(count for _, count in filled)
    table = CountsTable(f"  {key}", "count", "")
    table.columns[2].justify = "left"
    for begin, count in filled:
        label = "below" if begin is None else f"from {begin:,}"
        table.add_row(f"    {label}", f"{count:,}", "█" * round(_BAR * count / most))
    return table


def _begin(begin: int | None) -> str:
    return "below" if begin is None else f"{begin:,}"


def _filled(buckets: _Counts) -> tuple[_Counts, int | None]:
    """The buckets from the first that has something to the last, and where that ends; many are put together."""
    filled = [index for index, (_, count) in enumerate(buckets) if count]
    first, end = filled[0], filled[-1] + 1
    together = -(-(end - first) // _MOST_LINES)
    starts = [first, *range(first + 1, end, together)]
    shown = [
        (buckets[at][0], sum(count for _, count in buckets[at:until]))
        for at, until in zip(starts, [*starts[1:], end], strict=True)
    ]
    return shown, buckets[end][0] if end < len(buckets) else None
