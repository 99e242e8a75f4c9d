# SPDX-License-Identifier: GPL-2.0-only
"""The summary for a person, by rich: 80 to 120 columns, colour on a terminal only."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from lttng_addon_kit.output.counts_table import stacked
from lttng_addon_kit.terminal import printable
from lttng_addon_kit.trace.model import Arrays, EventSummary, FieldSummary, Numbers, Pointers, Summary, TextValues
from lttng_addon_kit.trace.rendering import number
from lttng_addon_kit.trace.units import duration, figure, rate, share

_WIDEST = 120
_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII_BLOCKS = " .:-=+*#@"
_MARGIN = (0, 3, 0, 0)


def print_summary(summary: Summary, console: Console) -> None:
    """Print a summary; losses and damage come first, in red."""
    width = min(console.width, _WIDEST)
    blocks = _BLOCKS if console.encoding.startswith("utf") else _ASCII_BLOCKS
    console.print(_headline(summary), width=width)
    for warning in _warnings(summary):
        console.print(Text(warning, style="bold red"), width=width)
    for name, event in summary.events.items():
        console.print()
        _print_event(name, event, console, width, blocks)


def _headline(summary: Summary) -> Text:
    line = Text("Trace ", style="bold")
    line.append(printable(summary.trace), style="default")
    line.append(f": {_counted(summary.count, 'event')}", style="not bold")
    if summary.begin_ns is not None and summary.end_ns is not None:
        line.append(f" in {duration(summary.end_ns - summary.begin_ns)}", style="not bold")
    return line


def _warnings(summary: Summary) -> list[str]:
    warnings = []
    lost = (("event", summary.discarded_events), ("packet", summary.discarded_packets))
    for what, count in lost:
        if count:
            verb = "were" if count > 1 else "was"
            warnings.append(
                f"{_counted(count, what)} {verb} discarded: the tracer's buffers were full. "
                "Record with larger or more sub-buffers."
            )
    warnings.extend(f"Damaged: {printable(damage.file)} {damage.reason}" for damage in summary.damage)
    return warnings


def _print_event(name: str, event: EventSummary, console: Console, width: int, blocks: str) -> None:
    title = Text(printable(name), style="bold cyan")
    if not event.count:
        title.append("  no events", style="not bold yellow")
        console.print(title, width=width)
        return
    title.append(f"  {_counted(event.count, 'event')}", style="not bold default")
    if event.rate_hz is not None:
        title.append(f", {rate(event.rate_hz)}", style="not bold default")
    if event.begin_ns is not None and event.end_ns is not None and event.count > 1:
        title.append(f", first to last {duration(event.end_ns - event.begin_ns)}", style="not bold default")
    console.print(title, width=width)
    facts = Table.grid(padding=_MARGIN, pad_edge=False)
    if event.timeline is not None:
        bars = bar_line(event.timeline.counts, blocks)
        facts.add_row("  when", Text(f"|{bars}| {duration(event.timeline.bucket_ns)} a column", style="green"))
    if event.per_cpu:
        facts.add_row("  CPU", "   ".join(f"{cpu}: {share(of.share)}" for cpu, of in event.per_cpu.items()))
    console.print(facts, width=width)
    _print_fields(event.fields, console, width, blocks)
    if event.context:
        console.print(Text("  context", style="dim"))
        _print_fields(event.context, console, width, blocks)


def _print_fields(fields: dict[str, FieldSummary], console: Console, width: int, blocks: str) -> None:
    # Numbers in another base are flags more often than quantities.
    flags = {name for name, field in fields.items() if isinstance(field, Numbers) and field.base != 10 and field.top}
    numbers = {
        name: field
        for name, field in fields.items()
        if isinstance(field, Numbers) and field.count and name not in flags
    }
    numbers |= {
        f"{name} (length)": field.length
        for name, field in fields.items()
        if isinstance(field, Arrays) and field.length.min != field.length.max
    }
    others = {name: field for name, field in fields.items() if not isinstance(field, Numbers) or name in flags}
    indent = min(max(len(printable(name)) for name in ("field", *numbers, *others)) + 2, width // 3)
    if numbers:
        console.print(_numbers_table(numbers, indent, blocks, width), width=width)
    if others:
        console.print(_values_table(others, indent), width=width)


def _numbers_table(numbers: dict[str, Numbers], indent: int, blocks: str, width: int) -> RenderableType:
    """Figures are never cut: where they leave no room for the distribution, it isn't shown."""
    headings = ("min", "mean", "p50", "p99", "max")
    rows = [
        [_number(value, name, field) for value in (field.min, field.mean, field.p50, field.p99, field.max)]
        for name, field in numbers.items()
    ]
    bars = [bar_line([bucket.count for bucket in field.histogram], blocks) for field in numbers.values()]
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    margin = _MARGIN[1]
    room = width - indent - margin - sum(each + margin for each in widths)
    if room < -margin:
        return stacked(
            ["  field", *headings], [("  " + printable(name), *row) for name, row in zip(numbers, rows, strict=True)]
        )
    table = _table(indent)
    for heading, longest in zip(headings, widths, strict=True):
        table.add_column(heading, justify="right", no_wrap=True, min_width=longest)
    shows_bars = max(len("distribution"), *map(len, bars)) <= room
    if shows_bars:
        table.add_column("distribution", no_wrap=True)
    for name, figures, bar in zip(numbers, rows, bars, strict=True):
        table.add_row(Text("  " + printable(name)), *figures, *([Text(bar, style="green")] if shows_bars else []))
    return table


def _values_table(others: dict[str, FieldSummary], indent: int) -> Table:
    table = _table(indent)
    table.add_column("distinct", justify="right", no_wrap=True)
    table.add_column("most frequent", overflow="ellipsis")
    for name, field in others.items():
        about = "" if field.exact else "~"
        table.add_row(Text("  " + printable(name)), f"{about}{figure(field.distinct or 0)}", _frequent(field))
    return table


def _table(indent: int) -> Table:
    table = Table(box=None, padding=_MARGIN, pad_edge=False, header_style="dim")
    table.add_column("  field", width=indent, overflow="fold")
    return table


def _frequent(field: FieldSummary) -> Text:
    if isinstance(field, Pointers):
        return Text(f"pointers, {figure(field.null)} NULL" if field.null else "pointers", style="dim")
    if not field.top:
        return Text("")
    shown = Text()
    for value, count in field.top[:5]:
        shown.append(_quoted(value, field))
        shown.append(f" {share(count / field.count)}   ", style="green")
    if field.distinct is not None and field.distinct > 5:
        shown.append("...", style="dim")
    shown.rstrip()
    return shown


def _quoted(value: str | int | float, field: FieldSummary) -> str:
    if isinstance(field, TextValues) and field.type == "text":
        return f'"{printable(str(value))}"'
    if isinstance(field, Numbers):
        return number(value, field.base)
    return printable(str(value))


def _number(value: int | float | None, name: str, field: Numbers) -> str:
    if value is None:
        return ""
    if name.endswith("_ns"):
        return duration(value)
    if isinstance(value, int) and field.base != 10:
        return number(value, field.base)
    return figure(value)


def bar_line(counts: Sequence[int], blocks: str = _BLOCKS) -> str:
    """Counts as one line of bars, the highest full; what is not 0 is never empty."""
    most = max(counts, default=0)
    steps = len(blocks) - 1
    return "".join(blocks[-(-count * steps // most)] if count else blocks[0] for count in counts)


def _counted(count: int, what: str) -> str:
    return f"{figure(count) if count else 'no'} {what}{'' if count == 1 else 's'}"
