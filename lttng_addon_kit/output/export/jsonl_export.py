# SPDX-License-Identifier: GPL-2.0-only
"""JSON Lines: an object an event, of all events together, in order of time."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow

from lttng_addon_kit.output.export.export_form import Exported, WholeForm
from lttng_addon_kit.output.export.plain_values import plain_columns
from lttng_addon_kit.trace.event_tables import TimedTable

# Events of one name that are lines at once.
_AT_ONCE = 1024


def _write(exported: Exported, out: Path) -> None:
    lines = heapq.merge(*(_lines(table) for table in exported.trace.tables), key=lambda line: line[0])
    with out.open("w", encoding="utf-8") as file:
        for _time, line in lines:
            file.write(line)
            exported.advance(1)


def _lines(table: TimedTable) -> Iterator[tuple[int, str]]:
    for rows in table.tables():
        for batch in rows.to_batches(max_chunksize=_AT_ONCE):
            yield from _some_lines(pyarrow.Table.from_batches([batch]), table.event)


def _some_lines(rows: pyarrow.Table, event: str) -> Iterator[tuple[int, str]]:
    names = rows.schema.names
    times = rows.column("time").cast(pyarrow.int64()).to_pylist()
    for time, values in zip(times, zip(*plain_columns(rows), strict=True), strict=True):
        fields = dict(zip(names, values, strict=True))
        own = {"time": fields.pop("time"), "event": event}
        yield time or 0, json.dumps(own | fields, ensure_ascii=False, allow_nan=False) + "\n"


FORM = WholeForm(".jsonl", _write)
