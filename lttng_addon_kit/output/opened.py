# SPDX-License-Identifier: GPL-2.0-only
"""A recording, or any other LTTng trace, as Python reads it: `lttng_addon_kit.open(...)`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lttng_addon_kit.output.export.export_form import need_modules
from lttng_addon_kit.output.report import known_addresses, summarise_recorded
from lttng_addon_kit.session.recording import Recording, find_recordings

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from lttng_addon_kit.trace.model import Summary

_NS = 1_000_000_000


class DamagedTraceWarning(UserWarning):
    """A part of a trace can't be read; what can be is given."""


@dataclass(frozen=True)
class OpenRecording:
    """A folder with a trace; nothing of it is read before it is asked for.

    It is a path, too: `Path(recording)` is its folder.
    """

    folder: Path

    def __fspath__(self) -> str:
        return str(self.folder)

    @property
    def recording(self) -> Recording | None:
        """What the kit wrote down when it recorded this; None for other traces.

        Raises:
            KitError: recording.json is damaged.
        """
        return find_recordings(self.folder).get(self.folder.resolve())

    def summary(self) -> Summary:
        """Read all of the trace, for counts, rates, times and values of each event (docs/summary.md).

        Raises:
            KitError: nothing of it can be read.
        """
        return summarise_recorded(self.folder)

    def events(
        self, name: str, where: str = "", begin: datetime | int | None = None, end: datetime | int | None = None
    ) -> RecordedEvents:
        """The events of one name; they are read when they are used.

        Args:
            where: an expression over the fields, as `--where` of the command takes it: "len > 1000".
            begin, end: the first moment that is wanted, and the first that isn't; a number is ns since the epoch.
        """
        return RecordedEvents(self.folder, name, where, _ns(begin), _ns(end))


@dataclass(frozen=True)
class RecordedEvents:
    """Events of one name, in order of time; each use reads the trace anew, in bounded memory.

    What reads Arrow streams (DuckDB, polars, pandas, pyarrow) takes this object as it is.
    """

    folder: Path
    name: str
    where: str = ""
    begin_ns: int | None = None
    end_ns: int | None = None

    def __iter__(self) -> Iterator[pyarrow.RecordBatch]:
        """Give batches of some thousand events.

        Raises:
            UsageError: the trace has no such event, or the event no such field.
            KitError: nothing of the trace can be read, or pyarrow is not installed.
        """
        _schema, batches = self._read()
        return batches

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.reader().__arrow_c_stream__(requested_schema)

    def reader(self) -> pyarrow.RecordBatchReader:
        """A stream of batches, to be read once.

        Raises:
            UsageError, KitError: as iterating.
        """
        schema, batches = self._read()
        import pyarrow

        return pyarrow.RecordBatchReader.from_batches(schema, batches)

    def to_arrow(self) -> pyarrow.Table:
        """All of them as a table in memory.

        Raises:
            UsageError, KitError: as iterating.
        """
        return self.reader().read_all()

    def to_pandas(self) -> pandas.DataFrame:
        """All of them as a frame of pandas.

        Raises:
            UsageError, KitError: as iterating; pandas is not installed.
        """
        need_modules("pyarrow", "pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """All of them as a frame of polars.

        Raises:
            UsageError, KitError: as iterating; polars is not installed.
        """
        need_modules("pyarrow", "polars")
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame

    def _read(self) -> tuple[pyarrow.Schema, Iterator[pyarrow.RecordBatch]]:
        """Read the trace up to the first batch, so that what is wrong is said at once."""
        need_modules("pyarrow")
        parts = self._parts()
        schema: pyarrow.Schema = next(parts)
        return schema, parts

    def _parts(self) -> Iterator[Any]:
        """The schema, and then batch after batch."""
        from lttng_addon_kit.trace.event_tables import open_tables
        from lttng_addon_kit.trace.selection import Selection, TraceTime

        begin, end = (None if ns is None else TraceTime(ns) for ns in (self.begin_ns, self.end_ns))
        wanted = Selection((_literally(self.name),), self.where, begin, end)
        addresses = known_addresses(find_recordings(self.folder).values())
        with open_tables(self.folder, wanted, addresses) as trace:
            if trace.error:
                warnings.warn(trace.error.message, DamagedTraceWarning, stacklevel=2)
            (found,) = trace.tables
            yield found.schema
            for table in found.tables():
                yield from table.to_batches()


def _literally(name: str) -> str:
    """A pattern for a name that may have a pattern's characters."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _ns(moment: datetime | int | None) -> int | None:
    if isinstance(moment, datetime):
        return int(moment.timestamp()) * _NS + moment.microsecond * 1000
    return moment
