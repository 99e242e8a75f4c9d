# SPDX-License-Identifier: GPL-2.0-only
"""CSV: a heading, then a line an event, in order of time; RFC 4180's quotes where a text needs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pyarrow import csv

from lttng_addon_kit.output.export.export_form import TableForm
from lttng_addon_kit.output.export.plain_values import plain_table
from lttng_addon_kit.trace.event_tables import TimedTable


def _write(table: TimedTable, out: Path, advance: Callable[[int], None]) -> None:
    options = csv.WriteOptions(quoting_style="needed")
    with csv.CSVWriter(str(out), plain_table(table.schema.empty_table()).schema, write_options=options) as writer:
        for rows in table.tables():
            writer.write_table(plain_table(rows))
            advance(rows.num_rows)


FORM = TableForm(".csv", _write)
