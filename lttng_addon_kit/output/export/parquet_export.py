# SPDX-License-Identifier: GPL-2.0-only
"""Parquet: zstd, in order of time, row groups of some 100,000 events, each with the times that it spans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow
from pyarrow import parquet

from lttng_addon_kit.output.export.export_form import TableForm
from lttng_addon_kit.trace.event_tables import TimedTable

_ROWS = 1 << 17
_BYTES = 32 << 20


def _write(table: TimedTable, out: Path, advance: Callable[[int], None]) -> None:
    order = parquet.SortingColumn.from_ordering(table.schema, [("time", "ascending")])
    with parquet.ParquetWriter(out, table.schema, compression="zstd", sorting_columns=order) as writer:
        waiting: list[pyarrow.Table] = []
        for rows in table.tables():
            waiting.append(rows)
            if sum(each.num_rows for each in waiting) >= _ROWS or sum(each.nbytes for each in waiting) >= _BYTES:
                writer.write_table(pyarrow.concat_tables(waiting), row_group_size=_ROWS)
                waiting = []
            advance(rows.num_rows)
        if waiting:
            writer.write_table(pyarrow.concat_tables(waiting), row_group_size=_ROWS)


FORM = TableForm(".parquet", _write)
