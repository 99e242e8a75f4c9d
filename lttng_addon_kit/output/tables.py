# SPDX-License-Identifier: GPL-2.0-only
"""Rows of plain data, as a table for a person or as JSON for a program."""

from __future__ import annotations

import json
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


def write_json(data: Any, stream: TextIO) -> None:
    """Write data as indented JSON, with a newline at its end."""
    json.dump(data, stream, indent=2)
    stream.write("\n")


def write_rows(rows: Rows, stream: TextIO, as_json: bool, a_line_each: bool = False) -> None:
    """Write rows: a list of objects in JSON, or a table with a column for each key that a row has.

    A table joins lists, and is as wide as a terminal at most only if the stream is one. Where there are no rows,
    "none" goes to standard error.

    Args:
        a_line_each: whether a terminal gets a line for each row: texts are cut there, but not the first nor numbers.
    """
    if as_json:
        write_json(rows, stream)
    elif rows:
        _write_table(rows, open_console(stream, None if stream.isatty() else _WIDEST), a_line_each)
    else:
        print("none", file=sys.stderr)


def _write_table(rows: Rows, console: Console, a_line_each: bool) -> None:
    from rich.table import Table  # here, as JSON needs nothing of it

    keys = list(dict.fromkeys(key for row in rows for key in row))
    table = Table(box=None, header_style="bold", pad_edge=False)
    widest = _widest(rows, keys, console.width) if a_line_each else {}
    for key in keys:
        table.add_column(key, no_wrap=a_line_each, max_width=widest.get(key))
    for row in rows:
        table.add_row(*(printable(_cell(row.get(key))) for key in keys))
    console.print(table)


def _widest(rows: Rows, keys: Sequence[str], width: int) -> Mapping[str, int]:
    """How wide each column may be for a line to fit: what the first and the numbers leave is the texts'."""
    longest = {key: max(len(key), *(len(printable(_cell(row.get(key)))) for row in rows)) for key in keys}
    whole = {key for key in keys if key == keys[0] or any(isinstance(row.get(key), int) for row in rows)}
    room = width - sum(longest[key] for key in whole) - _GAP * (len(keys) - 1)
    share = max(_LEAST, room // max(1, len(keys) - len(whole)))
    return {key: longest[key] if key in whole else share for key in keys}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
