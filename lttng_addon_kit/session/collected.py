# SPDX-License-Identifier: GPL-2.0-only
"""Reading what an addon has collected, on the machine where it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, computed_field

from lttng_addon_client import Hits, Row
from lttng_addon_client.abi_values import quantile
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Output
from lttng_addon_kit.session.supplies import Supplies
from lttng_addon_kit.sinks.aggregate.aggregate_kind import Interval
from lttng_addon_kit.spec.first_entries import FirstEntry

# In the kit's folder on a machine.
_CLIENT = "client"

# Isolated (python3 -I): neither the environment nor the current folder says what root imports; the first word does.
_MAIN = """import sys, runpy
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module("lttng_addon_client", run_name="__main__", alter_sys=True)"""


_QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


class AggregateRows(BaseModel):
    """An aggregate as it was read; `overflow` counts the values that were dropped as the table of keys was full."""

    model_config = ConfigDict(frozen=True)

    kind: str
    value: str | None
    by: str | tuple[str, ...] | None
    rows: tuple[Row, ...]
    overflow: int
    unsure: int = 0
    every_ns: int = 0


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

    A series' first part of the key is when its slice began. `min` and `max` are kept since loading: where not
    `min_exact`, an earlier value was as low, and those that came are at least `min`; likewise `max_exact`, and at most
    `max`. None is what the kind does not keep.
    """

    model_config = ConfigDict(frozen=True)

    key: Any
    count: int
    sum: int | None
    min: int | None
    max: int | None
    min_exact: bool
    max_exact: bool
    buckets: tuple[tuple[int | None, int], ...]
    last: int | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def quantiles(self) -> dict[str, Interval]:
        """Between which values the quantiles of a histogram are: of its buckets, and of the extremes."""
        if not any(count for _, count in self.buckets):
            return {}
        found = {name: quantile(self.buckets, share) for name, share in _QUANTILES.items()}
        return {name: (_bound(self.min, low, max), _bound(self.max, high, min)) for name, (low, high) in found.items()}


class Gained(BaseModel):
    """What came for an aggregate between two snapshots: the keys for which something did."""

    model_config = ConfigDict(frozen=True)

    kind: str
    value: str | None
    by: str | tuple[str, ...] | None
    rows: tuple[GainedRow, ...]
    overflow: int
    unsure: int = 0
    every_ns: int = 0


def gained(before: AggregateRows, after: AggregateRows) -> Gained:
    """Subtract what an aggregate had at an earlier reading; a key that was reset meanwhile began anew."""
    known = {_identity(row): row for row in before.rows}
    rows = [_gained_row(_earlier(known.get(_identity(row)), row), row, before.unsure) for row in after.rows]
    return Gained(
        kind=after.kind,
        value=after.value,
        by=after.by,
        rows=tuple(row for row in rows if row.count),
        overflow=max(0, after.overflow - before.overflow),
        unsure=before.unsure + after.unsure,
        every_ns=after.every_ns,
    )


def _identity(row: Row) -> Any:
    """The key; its parts are a list where it comes out of JSON."""
    return tuple(row.key) if isinstance(row.key, list) else row.key


def _earlier(then: Row | None, now: Row) -> Row | None:
    return then if then and then.count <= now.count else None


def _gained_row(then: Row | None, now: Row, unsure: int) -> GainedRow:
    earlier = dict(then.buckets) if then else {}
    return GainedRow(
        key=now.key,
        count=now.count - (then.count if then else 0),
        sum=_gained_sum(then, now, unsure),
        min=now.min,
        max=now.max,
        min_exact=then is None or _is_below(now.min, then.min),
        max_exact=then is None or _is_below(then.max, now.max),
        buckets=tuple((begin, count - earlier.get(begin, 0)) for begin, count in now.buckets),
        last=now.last,
    )


def _gained_sum(then: Row | None, now: Row, unsure: int) -> int | None:
    """The difference; of a `top` what it is at least, as the earlier one may have been more than it says."""
    if now.sum is None or then is None or then.sum is None:
        return now.sum
    return max(0, now.sum - then.sum - unsure) if unsure else now.sum - then.sum


def _bound(extreme: int | None, bucket: int | None, choose: Callable[[int, int], int]) -> int | None:
    return extreme if bucket is None else bucket if extreme is None else choose(extreme, bucket)


def _is_below(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and a < b


def client_folder(folder: str) -> str:
    """Where the client is, in the kit's folder on a machine: what programs there have as PYTHONPATH."""
    return f"{folder}/{_CLIENT}"


def client_supplies() -> Supplies:
    """`lttng_addon_client`, below the name by which programs import it."""
    return {f"{_CLIENT}/lttng_addon_client": files("lttng_addon_client")}


def read_snapshot(output: Output, machine: Machine, addon: str) -> Snapshot:
    """What an addon had collected, by the output of `client_command`.

    Raises:
        KitError: the machine has no Python, or the addon's device can't be read.
    """
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
