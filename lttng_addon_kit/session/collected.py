# SPDX-License-Identifier: GPL-2.0-only
"""Reading what an addon has collected, on the machine where it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from typing import Any

from pydantic import BaseModel, ConfigDict

from lttng_addon_client import Hits, Row
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.spec.first_entries import FirstEntry

# Isolated (python3 -I): neither the environment nor the current folder says what root imports; the first word does.
_MAIN = """import sys, runpy
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module("lttng_addon_client", run_name="__main__", alter_sys=True)"""


class AggregateRows(BaseModel):
    """An aggregate as it was read; `overflow` counts the values that were dropped as the table of keys was full."""

    model_config = ConfigDict(frozen=True)

    kind: str
    value: str | None
    by: str | None
    rows: tuple[Row, ...]
    overflow: int


class TableContent(BaseModel):
    """A table as it was read: the types of its keys and values, how many it has room for, and those that it has."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: str
    room: int
    entries: tuple[tuple[int | str, int], ...]


class Snapshot(BaseModel):
    """All that an addon had collected at one moment."""

    model_config = ConfigDict(frozen=True)

    addon: str
    hits: dict[str, Hits]
    aggregates: dict[str, AggregateRows]
    tables: dict[str, TableContent] = {}


class GainedRow(BaseModel):
    """What came for one key between two snapshots.

    `min` and `max` are kept since loading. Where not `min_exact`, an earlier value was as low, and those that came
    are at least `min`; likewise `max_exact`, and at most `max`.
    """

    model_config = ConfigDict(frozen=True)

    key: Any
    count: int
    sum: int
    min: int
    max: int
    min_exact: bool
    max_exact: bool
    buckets: tuple[tuple[int | None, int], ...]


class Gained(BaseModel):
    """What came for an aggregate between two snapshots: the keys for which something did."""

    model_config = ConfigDict(frozen=True)

    kind: str
    value: str | None
    by: str | None
    rows: tuple[GainedRow, ...]
    overflow: int


def gained(before: AggregateRows, after: AggregateRows) -> Gained:
    """Subtract what an aggregate had at an earlier reading; a key that was reset meanwhile began anew."""
    known = {row.key: row for row in before.rows}
    rows = [_gained_row(_earlier(known.get(row.key), row), row) for row in after.rows]
    return Gained(
        kind=after.kind,
        value=after.value,
        by=after.by,
        rows=tuple(row for row in rows if row.count),
        overflow=max(0, after.overflow - before.overflow),
    )


def _earlier(then: Row | None, now: Row) -> Row | None:
    return then if then and then.count <= now.count else None


def _gained_row(then: Row | None, now: Row) -> GainedRow:
    earlier = dict(then.buckets) if then else {}
    return GainedRow(
        key=now.key,
        count=now.count - (then.count if then else 0),
        sum=now.sum - (then.sum if then else 0),
        min=now.min,
        max=now.max,
        min_exact=then is None or now.min < then.min,
        max_exact=then is None or now.max > then.max,
        buckets=tuple((begin, count - earlier.get(begin, 0)) for begin, count in now.buckets),
    )


def client_folder(folder: str) -> str:
    """Where the client is, in the kit's folder on a machine: what programs there have as PYTHONPATH."""
    return f"{folder}/client"


def put_client(machine: Machine, folder: str) -> None:
    """Put `lttng_addon_client` into the kit's folder on a machine, below the name by which programs import it."""
    with as_file(files("lttng_addon_client")) as package:
        machine.put(package, f"{client_folder(folder)}/lttng_addon_client")


def read_snapshot(machine: Machine, folder: str, addon: str) -> Snapshot:
    """Read what an addon has collected so far. The client must be in the kit's folder on the machine.

    Raises:
        KitError: the machine has no Python, or the addon's device can't be read.
    """
    output = machine.run(*client_command(folder, addon), check=False)
    if output.status:
        raise KitError(f"can't read what {addon} has collected on {machine.name}", details=output.stderr.strip())
    return Snapshot.model_validate_json(output.stdout)


def write_entries(machine: Machine, folder: str, addon: str, entries: Sequence[FirstEntry]) -> None:
    """Write entries into an addon's tables. The client must be in the kit's folder on the machine.

    Raises:
        KitError: the machine has no Python, or the addon's device refuses.
    """
    words = [word for each in entries for word in (each.table, str(each.key), str(each.value))]
    output = machine.run(*client_command(folder, addon, "--set", *words), check=False)
    if output.status:
        raise KitError(f"can't write the tables of {addon} on {machine.name}", details=output.stderr.strip())


def client_command(folder: str, addon: str, *arguments: str) -> tuple[str, ...]:
    """The command that prints what an addon has collected, a line of JSON each time."""
    return ("python3", "-I", "-c", _MAIN, client_folder(folder), addon, *arguments)
