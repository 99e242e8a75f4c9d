# SPDX-License-Identifier: GPL-2.0-only
"""What a kind of aggregate says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lttng_addon_kit.spec.aggregate_table import AggregateTable


class Cell(Protocol):
    """What came for one key of an aggregate in a span of time.

    `min` and `max` are only bounds, of what came, where they are not exact: an earlier value was as low, or as high.
    """

    @property
    def count(self) -> int: ...
    @property
    def sum(self) -> int: ...
    @property
    def min(self) -> int: ...
    @property
    def max(self) -> int: ...
    @property
    def min_exact(self) -> bool: ...
    @property
    def max_exact(self) -> bool: ...


@dataclass(frozen=True)
class TableColumn:
    """A column of an aggregate's table, and what it shows of a key."""

    title: str
    text: Callable[[Cell], str]


COUNT = TableColumn("count", lambda cell: f"{cell.count:,}")
SUM = TableColumn("sum", lambda cell: f"{cell.sum:,}")
MEAN = TableColumn("mean", lambda cell: f"{cell.sum / cell.count:,.1f}")
MIN = TableColumn("min", lambda cell: f"{'' if cell.min_exact else '≥ '}{cell.min:,}")
MAX = TableColumn("max", lambda cell: f"{'' if cell.max_exact else '≤ '}{cell.max:,}")


@dataclass(frozen=True)
class Buckets:
    """How the runtime sorts values: the constant of enum lttng_addons_kind, how many buckets, those of equal size."""

    constant: str
    count: int
    description: Mapping[str, Any]
    begin: int = 0
    step: int = 0


@dataclass(frozen=True)
class AggregateKind:
    """A kind of aggregate; its word is the name of its file, which has it as KIND.

    Attributes:
        constant: of enum lttng_addons_kind (runtime/lttng-addons.h); "" if the buckets say it.
        columns: what a table shows of each key.
        takes_value: whether it is of a value.
        buckets: for a kind that sorts values into buckets.
    """

    constant: str
    columns: tuple[TableColumn, ...]
    takes_value: bool = True
    buckets: Callable[[AggregateTable], Buckets] | None = None
