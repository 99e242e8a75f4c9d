# SPDX-License-Identifier: GPL-2.0-only
"""A trace, with what its recording says of it, written in one of the forms."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.durations import find_duration
from lttng_addon_kit.output.export.export_form import Exported, find_export_form
from lttng_addon_kit.output.export.whole_output import whole_output
from lttng_addon_kit.output.report import known_addresses
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.recording import Recording, find_recordings
from lttng_addon_kit.trace.selection import Selection

if TYPE_CHECKING:
    from lttng_addon_kit.trace.event_tables import TraceTables


@dataclass(frozen=True)
class Export:
    """What to write of which trace, and in which form.

    Args:
        replace: whether what is at the place already is replaced.
    """

    trace: Path
    form: str
    selection: Selection
    replace: bool = False

    @property
    def usual_name(self) -> str:
        """The name of the file or folder where none is given: the trace's, and the form's."""
        form = find_export_form(self.form)
        name = self.trace.resolve().name
        return f"{name}-{self.form}" if form.is_folder(Path(name)) else f"{name}{form.suffix}"


def export_trace(export: Export, out: Path, progress: Progress) -> int:
    """Write a new file or folder, whole or not at all; gives the number of events in it.

    Raises:
        UsageError: there is no such form or trace, the selection names what it lacks, or `out` is taken.
        KitError: nothing of the trace can be read, it can't be written, or the trace is damaged: what could be read
            is written then.
    """
    find_export_form(export.form)
    with whole_output(out, export.replace) as making:
        count, error = _write(export, making, progress)
    if error:
        raise error
    return count


def export_to_stream(export: Export, stream: BinaryIO, progress: Progress) -> int:
    """Write to an open file what would be one file; gives the number of events.

    Raises:
        As `export_trace`.
    """
    form = find_export_form(export.form)
    with TemporaryDirectory(prefix="lttng-addon-kit-") as folder:
        file = Path(folder) / f"export{form.suffix}"
        count, error = _write(export, file, progress)
        with file.open("rb") as source:
            shutil.copyfileobj(source, stream)
    if error:
        raise error
    return count


def _write(export: Export, out: Path, progress: Progress) -> tuple[int, KitError | None]:
    # Imported here, once it is known that pyarrow is there.
    from lttng_addon_kit.trace.event_tables import open_tables

    recordings = [*find_recordings(export.trace).values()]
    count = _Count()
    with open_tables(export.trace, export.selection, known_addresses(recordings), out.parent, progress) as trace:
        exported = Exported(trace, _durations(trace, recordings), _measured(recordings), count.advance)
        with progress.step(f"Writing {out.name}", lambda: f"{count.value / max(1, trace.most):.0%}"):
            find_export_form(export.form).write(exported, out)
        return count.value, trace.error


class _Count:
    """How many events were written."""

    value = 0

    def advance(self, by: int) -> None:
        self.value += by


def _durations(trace: TraceTables, recordings: Sequence[Recording]) -> dict[str, str]:
    """By event, the field that is a duration."""
    found = {table.event: find_duration(table.event, table.schema.names, recordings) for table in trace.tables}
    return {event: name for event, name in found.items() if name}


def _measured(recordings: Iterable[Recording]) -> frozenset[str]:
    """The events of addons: their fields were chosen one by one."""
    return frozenset(name for each in recordings for name in each.event_names)
