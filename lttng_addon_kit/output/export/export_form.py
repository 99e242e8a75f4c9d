# SPDX-License-Identifier: GPL-2.0-only
"""The forms of an export, found by their files: `output/export/NAME_export.py` is the form NAME.

Its `FORM` is one of two kinds: a file an event (`TableForm`), or one file of all events (`WholeForm`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from lttng_addon_kit.errors import KitError, UsageError, nearest
from lttng_addon_kit.output import export

if TYPE_CHECKING:
    from lttng_addon_kit.trace.event_tables import TimedTable, TraceTables

# Of a file's name; Linux has 255 bytes, and a suffix follows.
_LONGEST = 200
_SUFFIX = "_export"


@dataclass(frozen=True)
class Exported:
    """What a form writes.

    Args:
        durations: by event, the field that says how long what ended with it took, in ns.
        measured: the events whose numbers were chosen to be recorded, so that each is worth a curve.
        advance: called with the number of events that were written.
    """

    trace: TraceTables
    durations: Mapping[str, str]
    measured: frozenset[str]
    advance: Callable[[int], None]


class ExportForm(Protocol):
    """One way to write events. `suffix` ends the name of its files; `needs` are Python modules beyond pyarrow."""

    @property
    def suffix(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]: ...

    def is_folder(self, out: Path) -> bool:
        """Whether what it writes to `out` is a folder."""
        ...

    def write(self, exported: Exported, out: Path) -> None:
        """Write a new file or folder.

        Raises:
            UsageError: there is nothing of what this form shows.
        """
        ...


@dataclass(frozen=True)
class TableForm:
    """A folder with a file an event; one event may be the file itself."""

    suffix: str
    write_table: Callable[[TimedTable, Path, Callable[[int], None]], None]
    needs: tuple[str, ...] = ()

    def is_folder(self, out: Path) -> bool:
        return out.suffix != self.suffix

    def write(self, exported: Exported, out: Path) -> None:
        tables = exported.trace.tables
        if self.is_folder(out):
            out.mkdir()
            for table in (each for each in tables if each.most):
                self.write_table(table, out / f"{file_name(table.event)}{self.suffix}", exported.advance)
            return
        if len(tables) != 1:
            names = ", ".join(table.event for table in tables[:8]) or "none"
            raise UsageError(f"a file has one event, not {len(tables)} ({names})", hint="name one: --event NAME")
        self.write_table(tables[0], out, exported.advance)


@dataclass(frozen=True)
class WholeForm:
    """One file of all events."""

    suffix: str
    write_all: Callable[[Exported, Path], None]
    needs: tuple[str, ...] = ()

    def is_folder(self, out: Path) -> bool:
        return False

    def write(self, exported: Exported, out: Path) -> None:
        self.write_all(exported, out)


def export_forms() -> list[str]:
    """The forms' names, in alphabetical order; none is imported, as each may need what is not installed."""
    names = (each.name for each in iter_modules(export.__path__))
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def find_export_form(name: str) -> ExportForm:
    """The form of a name.

    Raises:
        UsageError: no form has that name; with the nearest names.
        KitError: a Python module that it needs is missing.
    """
    if name not in export_forms():
        hint = nearest(name, export_forms()) or f"forms are {', '.join(export_forms())}"
        raise UsageError(f"{name!r} is not a form of an export", hint=hint)
    need_modules("pyarrow")
    form: ExportForm = import_module(f"{export.__name__}.{name}{_SUFFIX}").FORM
    need_modules(*form.needs)
    return form


def need_modules(*names: str) -> None:
    """See that Python modules of the extra `export` are installed.

    Raises:
        KitError: one is missing.
    """
    for name in names:
        if find_spec(name) is None:
            raise KitError(
                f"this needs the Python module {name}, which is not installed",
                hint="pip install 'lttng-addon-kit[export]'",
            )


def file_name(event: str) -> str:
    """A name of a file for an event, different for each, whatever its own name has in it."""
    name = quote(event, safe="$:+,= @~")
    name = f"%2E{name[1:]}" if name.startswith(".") else name
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 20]}-{hashlib.blake2b(event.encode(), digest_size=8).hexdigest()}"
