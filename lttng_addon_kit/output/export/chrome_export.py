# SPDX-License-Identifier: GPL-2.0-only
"""The JSON that chrome://tracing, speedscope and Perfetto read (Trace Event Format): spans as slices, all else moments.

https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsNchNAySU
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lttng_addon_kit.output.export.event_rows import EventRow, EventShape, Lanes
from lttng_addon_kit.output.export.export_form import Exported, WholeForm
from lttng_addon_kit.trace.event_tables import TimedTable

# The "processes" that the viewer shows as groups of lines: this one, and one for each name of spans.
_CPUS = 0
# The phase of what names a group.
_METADATA = "M"


def _write(exported: Exported, out: Path) -> None:
    with out.open("w", encoding="utf-8") as file:
        file.write('{"displayTimeUnit": "ns", "traceEvents": [\n')
        file.write(json.dumps(_group_name(_CPUS, "CPUs")))
        for event in _events(exported):
            file.write(",\n" + json.dumps(event, ensure_ascii=False, allow_nan=False))
            exported.advance(event["ph"] != _METADATA)
        file.write("\n]}\n")


def _events(exported: Exported) -> Iterator[dict[str, Any]]:
    begin_ns = exported.trace.begin_ns or 0
    for group, table in enumerate(exported.trace.tables, start=_CPUS + 1):
        duration = exported.durations.get(table.event, "")
        if duration in table.schema.names:
            yield _group_name(group, table.event)
        yield from _table_events(table, EventShape(table.schema, duration), group, begin_ns)


def _table_events(table: TimedTable, shape: EventShape, group: int, begin_ns: int) -> Iterator[dict[str, Any]]:
    lanes = Lanes()
    for row in shape.rows(table):
        about = {"name": table.event, "args": dict(zip(shape.columns, row.values, strict=True))}
        if row.duration_ns is None:
            at = _microseconds(row.time_ns - begin_ns)
            yield about | {"ph": "i", "s": "t", "ts": at, "pid": _CPUS, "tid": row.cpu or 0}
        else:
            yield (
                about
                | _slice(row, row.duration_ns, begin_ns)
                | {
                    "pid": group,
                    "tid": lanes.place(row.time_ns - row.duration_ns, row.time_ns),
                }
            )


def _slice(row: EventRow, duration_ns: int, begin_ns: int) -> dict[str, Any]:
    begin = row.time_ns - duration_ns - begin_ns
    return {"ph": "X", "ts": _microseconds(begin), "dur": _microseconds(duration_ns)}


def _group_name(group: int, name: str) -> dict[str, Any]:
    return {"name": "process_name", "ph": _METADATA, "pid": group, "args": {"name": name}}


def _microseconds(ns: int) -> float:
    return ns / 1000


FORM = WholeForm(".json", _write)
