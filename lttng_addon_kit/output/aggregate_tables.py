"""Aggregates for a person: tables, histograms as bars."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from lttng_addon_client import Row
from lttng_addon_kit.session.collected import AggregateRows, Snapshot

_BAR = 40


def aggregate_tables(before: Snapshot, after: Snapshot) -> Iterator[RenderableType]:
    """Show what two snapshots of one addon differ by: a table of hits, and one for each aggregate."""
    yield _hits_table(before, after)
    for name, now in after.aggregates.items():
        yield Text()
        yield _aggregate_table(name, before.aggregates[name], now)
        for row in now.rows:
            if row.buckets:
                yield _histogram(row)
        if now.overflow:
            yield Text(f"  {now.overflow:,} values were dropped: the table of keys was full (raise keys)")


def _hits_table(before: Snapshot, after: Snapshot) -> Table:
    table = _table("collected from", "seen", "passed", "recorded", "lost")
    for name, now in after.hits.items():
        then = before.hits[name]
        gained = (now.seen - then.seen, now.passed - then.passed, now.recorded - then.recorded, now.lost - then.lost)
        table.add_row(name, *(f"{number:,}" for number in gained))
    return table


def _aggregate_table(name: str, then: AggregateRows, now: AggregateRows) -> Table:
    columns = {
        "count": ("before", "after"),
        "sum": ("before", "after"),
        "min": ("min",),
        "max": ("max",),
    }.get(now.kind, ("count", "mean", "min", "max"))
    table = _table(f"{name}: {_about(now)}", *columns)
    known = {row.key: row for row in then.rows}
    for row in now.rows:
        table.add_row(_key(row), *_numbers(now.kind, known.get(row.key), row))
    return table


def _about(values: AggregateRows) -> str:
    of = f" of {values.value}" if values.value else ""
    by = f" by {values.by}" if values.by else ""
    return f"{values.kind}{of}{by}"


def _key(row: Row) -> str:
    return "" if row.key is None else str(row.key)


def _numbers(kind: str, then: Row | None, now: Row) -> tuple[str, ...]:
    match kind:
        case "count":
            return (f"{then.count if then else 0:,}", f"{now.count:,}")
        case "sum":
            return (f"{then.sum if then else 0:,}", f"{now.sum:,}")
        case "min":
            return (f"{now.min:,}",)
        case "max":
            return (f"{now.max:,}",)
        case _:
            return (f"{now.count:,}", f"{now.sum / now.count:,.1f}", f"{now.min:,}", f"{now.max:,}")


def _histogram(row: Row) -> Table:
    """From the first bucket that has something to the last."""
    filled = [index for index, (_, count) in enumerate(row.buckets) if count]
    most = max(count for _, count in row.buckets)
    table = _table(f"  {_key(row)}", "count", "")
    table.columns[2].justify = "left"
    for begin, count in row.buckets[filled[0] : filled[-1] + 1]:
        label = "below" if begin is None else f"from {begin:,}"
        table.add_row(f"    {label}", f"{count:,}", "█" * round(_BAR * count / most))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(title, overflow="fold")
    for column in columns:
        table.add_column(column, justify="right")
    return table
