# SPDX-License-Identifier: GPL-2.0-only
"""Rows of plain data, as a table for a person or as JSON for a program."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from lttng_addon_kit.terminal import open_console, printable

if TYPE_CHECKING:
    from rich.console import Console

Rows = Sequence[Mapping[str, Any]]

# A table that is not for a terminal is as wide as it needs to be.
_WIDEST = 1000
# Between columns; and of a column of text that is cut.
_GAP = 2
_LEAST = 4
# A number, maybe with a unit; it is never cut, nor folded.
_NUMBER = re.compile(r"(?:[\d,.]+(?: \w+)?)?", re.ASCII)


def write_json(data: Any, stream: TextIO) -> None:
    """Write data as indented JSON, with a newline at its end."""
    json.dump(data, stream, indent=2)
    stream.write("\n")


def write_rows(rows: Rows, stream: TextIO, as_json: bool, a_line_each: bool = False) -> None:
    """Write rows: a list of objects in JSON, or a table with a column for each key that a row has.

    A table joins lists, and is as wide as a terminal at most only if the stream is one. Where there are no rows,
    "none" goes to standard error.

    Args:
        a_line_each: whether a terminal gets a line for each row: texts are cut there, numbers
            not; the first folds if it must.
    """
    if as_json:
        write_json(rows, stream)
    elif rows:
        _write_table(rows, open_console(stream, None if stream.isatty() else _WIDEST), a_line_each)
    else:
        print("none", file=sys.stderr)


def _write_table(rows: Rows, console: Console, a_line_each: bool) -> None:
    from rich.table import Table  # here, as JSON needs nothing of it

    keys = dict.fromkeys(key for row in rows for key in row)
    texts = {key: [printable(_cell(row.get(key))) for row in rows] for key in keys}
    table = Table(box=None, header_style="bold", pad_edge=False)
    numbers = {key: _longest(key, cells) for key, cells in texts.items() if all(map(_NUMBER.fullmatch, cells))}
    widest = _widest(texts, numbers, console.width) if a_line_each else {}
    for key in texts:
        is_cut = a_line_each and bool(table.columns)
        table.add_column(
            key,
            no_wrap=is_cut or key in numbers,
            overflow="ellipsis" if is_cut else "fold",
            min_width=numbers.get(key),
            max_width=widest.get(key),
        )
    for cells in zip(*texts.values(), strict=True):
        table.add_row(*cells)
    console.print(table)


def _widest(texts: Mapping[str, Sequence[str]], numbers: Mapping[str, int], width: int) -> Mapping[str, int]:
    """How wide each column may be for a line to fit: what the first and the numbers leave is the others'."""
    first, *others = (key for key in texts if key not in numbers)
    room = width - sum(numbers.values()) - _GAP * (len(texts) - 1)
    names = min(_longest(first, texts[first]), room - _LEAST * len(others))
    share = max(_LEAST, (room - names) // max(1, len(others)))
    return {**numbers, first: names, **dict.fromkeys(others, share)}


def _longest(key: str, cells: Sequence[str]) -> int:
    return max(map(len, (key, *cells)))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
