# SPDX-License-Identifier: GPL-2.0-only
"""A trace as tables, one an event, each in order of time: what exports and the Python API read.

The trace is read once, in a process of its own, into a file of columns (`spool.py`); memory holds a part of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy
import pyarrow

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.trace.arrow_columns import ArrowLayout
from lttng_addon_kit.trace.column import Field
from lttng_addon_kit.trace.event_batch import Addresses, EventBatch, Findings
from lttng_addon_kit.trace.model import DamageSummary, Summary
from lttng_addon_kit.trace.own_process import in_own_process
from lttng_addon_kit.trace.reading import read
from lttng_addon_kit.trace.row_filter import RowFilter, read_row_filter, refuse_unknown
from lttng_addon_kit.trace.selection import Selection
from lttng_addon_kit.trace.spool import Run, SpoolPart, SpoolReader, SpoolWriter, times_of
from lttng_addon_kit.trace.time_order import in_time_order


@dataclass(frozen=True)
class _Spooled:
    """What was read: by event, its schemas and runs; and what else is known of the trace."""

    events: dict[str, list[tuple[Any, tuple[Run, ...]]]]
    begin_ns: int | None
    end_ns: int | None
    discarded_events: int
    discarded_packets: int
    damage: tuple[DamageSummary, ...]
    fields: dict[str, frozenset[str]]


@dataclass(frozen=True)
class TimedTable:
    """The wanted events of one name, as rows; `most` is how many they are at most (a time span may leave some out)."""

    event: str
    schema: Any
    most: int
    _runs: tuple[Run, ...]
    _spool: SpoolReader
    _within: tuple[int | None, int | None]

    def tables(self) -> Iterator[Any]:
        """pyarrow.Tables of some thousand rows, in order of time."""
        for table in in_time_order(tuple(filter(None, map(self._wanted, self._runs))), self._load):
            kept = self._cut(table)
            if kept.num_rows:
                yield kept

    def _load(self, place: SpoolPart) -> Any:
        return _fitted(self._spool.load(place), self.schema)

    def _wanted(self, run: Run) -> Run:
        begin, end = self._within
        return tuple(
            place
            for place in run
            if (begin is None or place.last_ns is None or place.last_ns >= begin)
            and (end is None or place.first_ns is None or place.first_ns < end)
        )

    def _cut(self, table: Any) -> Any:
        begin, end = self._within
        if begin is None and end is None:
            return table
        times = times_of(table)
        first = 0 if begin is None else int(numpy.searchsorted(times, begin))
        last = len(times) if end is None else int(numpy.searchsorted(times, end))
        return table.slice(first, max(0, last - first))


@dataclass(frozen=True)
class TraceTables:
    """A trace's tables; `error` is that of a damaged trace, of which the rest is here."""

    tables: tuple[TimedTable, ...]
    begin_ns: int | None
    error: KitError | None

    @property
    def most(self) -> int:
        """How many events are wanted, at most."""
        return sum(table.most for table in self.tables)


@contextmanager
def open_tables(
    trace: Path,
    selection: Selection,
    addresses: Addresses,
    scratch: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[TraceTables]:
    """Read a trace; its tables can be used while inside.

    Args:
        addresses: which fields are addresses, and of which kind, by event and field.
        scratch: a folder with room for the columns; a temporary one if None.
        progress: where to report that the trace is being read.

    Raises:
        UsageError, KitError: there is no trace, nothing of it can be read, or the selection names what it lacks.
    """
    where = read_row_filter(selection.where) if selection.where else None
    with TemporaryDirectory(prefix="lttng-addon-kit-", dir=scratch) as folder:
        file = Path(folder) / "columns"
        with (progress or Progress(quiet=True)).step(f"Reading {trace.name}", partial(_size, file)):
            spooled = in_own_process(partial(_spool, trace, _Wanted(selection, where), addresses, file), trace)
        selection.refuse_unknown(spooled.fields)
        if where and not any(where.names <= each for each in spooled.fields.values()):
            raise refuse_unknown(where, {name for each in spooled.fields.values() for name in each})
        yield _tables(trace, spooled, selection, SpoolReader(file))


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:,.0f} MB of columns" if file.exists() else ""


@dataclass(frozen=True)
class _Wanted:
    selection: Selection
    where: RowFilter | None


def _spool(trace: Path, wanted: _Wanted, addresses: Addresses, file: Path, scratch: Path) -> _Spooled:
    findings = Findings()
    layouts: dict[_Class, ArrowLayout] = {}
    known: dict[str, frozenset[str]] = {}
    with file.open("wb") as stream:
        writer = SpoolWriter(stream)
        for batch in read(trace, findings, scratch, addresses):
            known.setdefault(batch.event, frozenset())
            if wanted.selection.names(batch.event):
                class_ = _class_of(batch)
                layout = layouts.setdefault(class_, layouts.get(class_) or ArrowLayout(batch))
                known[batch.event] |= frozenset(layout.schema.names)
                rows = layout.convert(batch)
                kept = wanted.where.apply(rows) if wanted.where else rows
                if kept is not None:
                    writer.add(class_, kept)
        runs = writer.finish()
    events: dict[str, list[tuple[Any, tuple[Run, ...]]]] = {}
    for class_, found in runs.items():
        events.setdefault(class_[0], []).append(found)
    return _Spooled(
        events,
        findings.span.begin_ns,
        findings.span.end_ns,
        findings.discarded_events,
        findings.discarded_packets,
        tuple(DamageSummary(str(damage.file), damage.reason) for damage in findings.damage),
        known,
    )


# Traces recorded apart may disagree on what an event has.
_Class = tuple[str, tuple[Field, ...], tuple[Field, ...]]


def _class_of(batch: EventBatch) -> _Class:
    return batch.event, tuple(each.field for each in batch.fields), tuple(each.field for each in batch.context)


def _tables(trace: Path, spooled: _Spooled, selection: Selection, reader: SpoolReader) -> TraceTables:
    begin, end = (
        None if moment is None else moment.absolute(spooled.begin_ns) for moment in (selection.begin, selection.end)
    )
    tables = tuple(
        TimedTable(
            event,
            _common_schema(event, [schema for schema, _runs in classes]),
            sum(place.rows for _schema, runs in classes for run in runs for place in run),
            tuple(run for _schema, runs in classes for run in runs),
            reader,
            (begin, end),
        )
        for event, classes in sorted(spooled.events.items())
    )
    return TraceTables(tables, spooled.begin_ns, _damage(trace, spooled))


def _common_schema(event: str, schemas: Sequence[Any]) -> Any:
    """A schema for all of an event's rows.

    Raises:
        KitError: two traces have a field of one name with types that have nothing in common.
    """
    if len(schemas) == 1:
        return schemas[0]
    try:
        return pyarrow.unify_schemas(list(schemas), promote_options="permissive")
    except pyarrow.ArrowException as problem:
        raise KitError(
            f"the traces disagree on a field of {event}: {problem}", hint="export each trace by itself"
        ) from None


def _fitted(table: Any, schema: Any) -> Any:
    """A table with all columns of a schema, in its types; null where the table lacks one."""
    if table.schema.equals(schema):
        return table
    names = set(table.schema.names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in names else pyarrow.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pyarrow.Table.from_arrays(columns, schema=schema)


def _damage(trace: Path, spooled: _Spooled) -> KitError | None:
    lost = spooled.discarded_events, spooled.discarded_packets
    return Summary(str(trace), spooled.begin_ns, spooled.end_ns, *lost, list(spooled.damage), {}).error
