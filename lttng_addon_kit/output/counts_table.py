# SPDX-License-Identifier: GPL-2.0-only
"""Tables of numbers that are never cut: names fold; where that is not enough, each number has a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.table import Table
from rich.text import Text

# Between columns; and of a name, what is left of it on a line before the numbers go below it.
_GAP = 2
_LEAST_NAME = 12


class CountsTable(Table):
    """A column of names, and one of numbers for each heading."""

    def __init__(self, title: str, *columns: str) -> None:
        super().__init__(box=None, pad_edge=False)
        self.add_column(title, overflow="fold")
        for column in columns:
            self.add_column(column, justify="right", no_wrap=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        cells = [[str(cell) for cell in (column.header, *column.cells)] for column in self.columns]
        name, *numbers = (max(map(len, column), default=0) for column in cells)
        if min(name, _LEAST_NAME) + sum(_GAP + each for each in numbers) > options.max_width:
            headings, *rows = zip(*cells, strict=True)
            yield stacked(headings, rows)
            return
        for column, longest in zip(self.columns[1:], numbers, strict=True):
            column.min_width = longest
        yield from super().__rich_console__(console, options)


def stacked(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Group:
    """Rows of a name and numbers, each number on a line below its name; `headings` are of the name, too."""

    def lines() -> Iterator[Text]:
        yield Text(headings[0], style="bold", overflow="fold")
        longest = max(map(len, headings[1:]), default=0)
        for name, *numbers in rows:
            yield Text(name, overflow="fold")
            for heading, number in zip(headings[1:], numbers, strict=True):
                yield Text(f"      {heading:<{longest}}  {number}", overflow="fold")

    return Group(*lines())
