# SPDX-License-Identifier: GPL-2.0-only
"""Columns as values that any program reads: times as ISO 8601, hexadecimal numbers as text, labels, lists."""

from __future__ import annotations

from math import isfinite
from typing import Any

import pyarrow
from pyarrow import compute

from lttng_addon_kit.trace.arrow_columns import BASE

_HEX = b"16"


def plain_columns(table: pyarrow.Table) -> list[list[Any]]:
    """A list of a table's columns, each a list of what JSON can say."""
    return [_plain(table.column(at), field) for at, field in enumerate(table.schema)]


def plain_table(table: pyarrow.Table) -> pyarrow.Table:
    """A table whose columns are numbers, truths and texts only; lists are JSON in a text."""
    columns = [_single(table.column(at), field) for at, field in enumerate(table.schema)]
    return pyarrow.Table.from_arrays(columns, names=table.schema.names)


def is_hexadecimal(field: pyarrow.Field) -> bool:
    """Whether a field's integers are shown in base 16: addresses and flags."""
    return (field.metadata or {}).get(BASE) == _HEX


def time_text(column: Any) -> Any:
    """Times as text: 2026-01-31T12:00:00.123456789Z."""
    return compute.replace_substring(column.cast(pyarrow.utf8()), " ", "T", max_replacements=1)


def _plain(column: Any, field: pyarrow.Field) -> list[Any]:
    values: list[Any]
    if pyarrow.types.is_timestamp(field.type):
        return list(time_text(column).to_pylist())
    values = column.to_pylist()
    if pyarrow.types.is_floating(field.type):
        return [value if value is not None and isfinite(value) else None for value in values]
    if not is_hexadecimal(field):
        return values
    if pyarrow.types.is_list(field.type):
        return [value if value is None else [_hexadecimal(each) for each in value] for value in values]
    return [_hexadecimal(value) for value in values]


def _hexadecimal(value: Any) -> Any:
    return hex(value) if isinstance(value, int) and value >= 0 else value


def _single(column: Any, field: pyarrow.Field) -> Any:
    if pyarrow.types.is_timestamp(field.type):
        return time_text(column)
    if pyarrow.types.is_dictionary(field.type):
        return column.cast(pyarrow.utf8())
    if pyarrow.types.is_list(field.type):
        return pyarrow.array([value if value is None else _listed(value) for value in _plain(column, field)])
    if is_hexadecimal(field) and pyarrow.types.is_integer(field.type):
        return pyarrow.array([None if value is None else str(value) for value in _plain(column, field)], pyarrow.utf8())
    return column


def _listed(values: list[Any]) -> str:
    return f"[{', '.join(map(str, values))}]"
