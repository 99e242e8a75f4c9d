# SPDX-License-Identifier: GPL-2.0-only
"""Rows of plain data, as a table for a person or as JSON for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from lttng_addon_kit.terminal import open_console, printable

Rows = Sequence[Mapping[str, Any]]

# A table that is not for a terminal is as wide as it needs to be.
_WIDEST = 1000


def write_json(data: Any, stream: TextIO) -> None:
    """Write data as indented JSON, with a newline at its end."""
    json.dump(data, stream, indent=2)
    stream.write("\n")


def write_rows(rows: Rows, stream: TextIO, as_json: bool) -> None:
    """Write rows: a list of objects in JSON, or a table with a column for each key that a row has.

    A table joins lists, and is cut to the width of a terminal only if the stream is one. Where there are no rows,
    "none" goes to standard error.
    """
    if as_json:
        write_json(rows, stream)
    elif rows:
        _write_table(rows, stream)
    else:
        print("none", file=sys.stderr)


def _write_table(rows: Rows, stream: TextIO) -> None:
    from rich.table import Table  # here, as JSON needs nothing of it

    keys = dict.fromkeys(key for row in rows for key in row)
    table = Table(*keys, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(printable(_cell(row.get(key))) for key in keys))
    open_console(stream, None if stream.isatty() else _WIDEST).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
