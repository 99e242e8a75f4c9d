# SPDX-License-Identifier: GPL-2.0-only
"""What a kind of aggregate says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Literal, Protocol, TypeAlias

from lttng_addon_kit.spec.aggregate_table import AggregateTable

# A sum of 128 bits has 39.
_DIGITS = 42


# The least and the greatest value that it may be; None: it has no such bound.
Interval: TypeAlias = tuple[int | None, int | None]


class Cell(Protocol):
    """What came for one key of an aggregate in a span of time; None is what its kind does not keep.

    `min` and `max` are only bounds, of what came, where they are not exact: an earlier value was as low, or as high.
    """

    @property
    def count(self) -> int: ...
    @property
    def sum(self) -> int | None: ...
    @property
    def min(self) -> int | None: ...
    @property
    def max(self) -> int | None: ...
    @property
    def min_exact(self) -> bool: ...
    @property
    def max_exact(self) -> bool: ...
    @property
    def last(self) -> int | None: ...
    @property
    def quantiles(self) -> Mapping[str, Interval]: ...


@dataclass(frozen=True)
class TableColumn:
    """A column of an aggregate's table, and what it shows of a key; `keeps`: what the kernel keeps for it."""

    title: str
    text: Callable[[Cell], str]
    keeps: str = "count"


def exact_mean(cell: Cell) -> Decimal:
    """The mean of a cell's values: as a float, that of large ones could be more than the greatest."""
    assert cell.sum is not None
    with localcontext(prec=_DIGITS):
        return Decimal(cell.sum) / cell.count


COUNT = TableColumn("count", lambda cell: f"{cell.count:,}")
SUM = TableColumn("sum", lambda cell: f"{cell.sum:,}", keeps="sum")
MEAN = TableColumn("mean", lambda cell: f"{exact_mean(cell):,.1f}", keeps="sum")
MIN = TableColumn("min", lambda cell: f"{'' if cell.min_exact else '≥ '}{cell.min:,}", keeps="min")
MAX = TableColumn("max", lambda cell: f"{'' if cell.max_exact else '≤ '}{cell.max:,}", keeps="max")


@dataclass(frozen=True)
class Buckets:
    """How the runtime sorts values: how many buckets, and where those of equal size begin.

    Without a `step` each power of 2 has `1 << bits` of them.
    """

    count: int
    description: Mapping[str, Any]
    begin: int = 0
    step: int = 0
    bits: int = 0


@dataclass(frozen=True)
class AggregateKind:
    """A kind of aggregate; its word is the name of its file, which has it as KIND, and of those in runtime/.

    Attributes:
        columns: what a table shows of each key.
        value: whether it is of one.
        words: how many the kernel keeps for it alone, beside buckets.
        buckets: for a kind that sorts values into buckets.
        needs_key: whether it makes sense only by a key.
        takes_signed: whether its value may be negative.
    """

    columns: tuple[TableColumn, ...]
    value: Literal["none", "needed", "optional"] = "needed"
    words: int = 0
    needs_key: bool = False
    takes_signed: bool = True
    buckets: Callable[[AggregateTable], Buckets] | None = None

    @property
    def keeps(self) -> tuple[str, ...]:
        """What the kernel keeps of the values, each once."""
        return tuple(dict.fromkeys(each.keeps for each in self.columns))
