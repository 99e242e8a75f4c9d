# SPDX-License-Identifier: GPL-2.0-only
"""Tables on their way, in one file: written stream by stream while a trace is read, read back in order of time.

Each event's rows are in runs, each of which is in order of time: mostly, one a stream. A run is a list of places in
the file, and each place holds an Arrow IPC stream of some thousand rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow

from lttng_addon_kit.trace.arrow_columns import TIME

# Rows of one event that are written at once; and bytes of all events that wait for that.
_ROWS = 32_768
_BYTES = 1 << 20
_ALL_BYTES = 16 << 20
_OPTIONS = pyarrow.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


@dataclass(frozen=True)
class SpoolPart:
    """Rows in the file, their first and last time in ns (None without a clock)."""

    offset: int
    length: int
    rows: int
    first_ns: int | None
    last_ns: int | None


Run = tuple[SpoolPart, ...]


@dataclass
class _Waiting:
    """What of one event isn't written yet, all of one run, and the runs so far."""

    schema: Any
    batches: list[Any] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    last_ns: int | None = None
    runs: list[list[SpoolPart]] = field(default_factory=lambda: [[]])


class SpoolWriter:
    """Takes record batches of several events, those of one stream in order of time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._events: dict[Any, _Waiting] = {}
        self._bytes = 0

    def add(self, key: Any, batch: Any) -> None:
        """Add rows (or none) to what is known by `key`; all of a key have one schema."""
        waiting = self._events.setdefault(key, _Waiting(batch.schema))
        if not batch.num_rows:
            return
        first, last = _times(batch)
        if first is not None and waiting.last_ns is not None and first < waiting.last_ns:
            self._write(waiting)
            waiting.runs.append([])
        waiting.batches.append(batch)
        waiting.rows += batch.num_rows
        waiting.bytes += batch.nbytes
        waiting.last_ns = last
        self._bytes += batch.nbytes
        if waiting.rows >= _ROWS or waiting.bytes >= _BYTES:
            self._write(waiting)
        elif self._bytes >= _ALL_BYTES:
            self._write_all(self._events.values())

    def finish(self) -> dict[Any, tuple[Any, tuple[Run, ...]]]:
        """Write the rest; by key, the schema and the runs."""
        self._write_all(self._events.values())
        self._file.flush()
        return {key: (each.schema, tuple(map(tuple, each.runs))) for key, each in self._events.items()}

    def _write_all(self, events: Iterable[_Waiting]) -> None:
        for waiting in events:
            self._write(waiting)

    def _write(self, waiting: _Waiting) -> None:
        if not waiting.rows:
            return
        table = pyarrow.Table.from_batches(waiting.batches).combine_chunks()
        offset = self._file.tell()
        with pyarrow.ipc.new_stream(self._file, waiting.schema, options=_OPTIONS) as stream:
            stream.write_table(table)
        place = SpoolPart(offset, self._file.tell() - offset, waiting.rows, *_times(table))
        waiting.runs[-1].append(place)
        self._bytes -= waiting.bytes
        waiting.batches, waiting.rows, waiting.bytes = [], 0, 0


class SpoolReader:
    """Gives back what a `SpoolWriter` wrote."""

    def __init__(self, file: Path) -> None:
        # Not mapped: what was read of a map counts as memory in use.
        self._file = pyarrow.OSFile(str(file))

    def load(self, place: SpoolPart) -> Any:
        """The rows at a place, as a pyarrow.Table."""
        self._file.seek(place.offset)
        return pyarrow.ipc.open_stream(self._file.read_buffer(place.length)).read_all()


def times_of(table: Any) -> Any:
    """A table's (or record batch's) times in ns, as a numpy array."""
    column = table.column(TIME).cast(pyarrow.int64())
    return column.to_numpy() if isinstance(column, pyarrow.ChunkedArray) else column.to_numpy(zero_copy_only=False)


def _times(rows: Any) -> tuple[int | None, int | None]:
    column = rows.column(TIME)
    if not len(column) or column.null_count:
        return None, None
    return column[0].value, column[len(column) - 1].value
