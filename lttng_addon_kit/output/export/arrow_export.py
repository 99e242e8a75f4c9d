# SPDX-License-Identifier: GPL-2.0-only
"""Arrow IPC files (Feather 2), in order of time: what maps into memory without being read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow

from lttng_addon_kit.output.export.export_form import TableForm
from lttng_addon_kit.trace.event_tables import TimedTable

# A file has one dictionary a column for all batches, which grows.
_OPTIONS = pyarrow.ipc.IpcWriteOptions(compression="zstd", unify_dictionaries=True, emit_dictionary_deltas=True)


def _write(table: TimedTable, out: Path, advance: Callable[[int], None]) -> None:
    schema = _without_dictionaries(table.schema)
    with pyarrow.ipc.new_file(str(out), schema, options=_OPTIONS) as writer:
        for rows in table.tables():
            writer.write_table(rows.cast(schema))
            advance(rows.num_rows)


def _without_dictionaries(schema: pyarrow.Schema) -> pyarrow.Schema:
    """The schema with labels as text: a file can't replace a dictionary, and what labels come isn't known before."""
    for at, field in enumerate(schema):
        if pyarrow.types.is_dictionary(field.type):
            schema = schema.set(at, field.with_type(pyarrow.utf8()))
    return schema


FORM = TableForm(".arrow", _write)
