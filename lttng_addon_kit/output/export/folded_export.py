# SPDX-License-Identifier: GPL-2.0-only
"""Folded stacks, for flamegraph.pl, inferno and speedscope: `event;outermost;...;innermost COUNT`, a line a stack.

A stack is a field of addresses, as stack() and LTTng's callstack contexts record it, the innermost frame first.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow

from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.output.export.export_form import Exported, WholeForm
from lttng_addon_kit.output.export.plain_values import is_hexadecimal, plain_columns
from lttng_addon_kit.trace.event_tables import TimedTable

_AT_ONCE = 8192
_SEPARATORS = str.maketrans({";": ":", "\n": " ", " ": "_"})


def _write(exported: Exported, out: Path) -> None:
    stacks: Counter[str] = Counter()
    tables = [table for table in exported.trace.tables if stack_columns(table.schema)]
    if not tables:
        raise UsageError(
            "no event of this trace has a stack", hint='record one: a field "stack()", or the context callstack-kernel'
        )
    for table in tables:
        count_stacks(table, stacks, exported)
    with out.open("w", encoding="utf-8") as file:
        file.writelines(f"{stack} {count}\n" for stack, count in sorted(stacks.items()))


def stack_columns(schema: pyarrow.Schema) -> list[int]:
    """The columns that are stacks: lists of 64-bit integers in base 16."""
    return [
        at
        for at, field in enumerate(schema)
        if pyarrow.types.is_list(field.type) and field.type.value_type == pyarrow.uint64() and is_hexadecimal(field)
    ]


def count_stacks(table: TimedTable, stacks: Counter[str], exported: Exported) -> None:
    """Count a table's stacks."""
    columns = stack_columns(table.schema)
    event = table.event.translate(_SEPARATORS)
    for rows in table.tables():
        for batch in rows.select(columns).to_batches(max_chunksize=_AT_ONCE):
            for values in plain_columns(pyarrow.Table.from_batches([batch])):
                stacks.update(_line(event, frames) for frames in values if frames)
        exported.advance(rows.num_rows)


def _line(event: str, frames: list[object]) -> str:
    return ";".join((event, *(str(frame).translate(_SEPARATORS) for frame in reversed(frames))))


FORM = WholeForm(".folded", _write)
