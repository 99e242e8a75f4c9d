# SPDX-License-Identifier: GPL-2.0-only
"""What a kind of aggregate says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lttng_addon_kit.spec.aggregate_table import AggregateTable


class Cell(Protocol):
    """The numbers that the runtime keeps for one key of an aggregate."""

    @property
    def count(self) -> int: ...
    @property
    def sum(self) -> int: ...
    @property
    def min(self) -> int: ...
    @property
    def max(self) -> int: ...


@dataclass(frozen=True)
class TableColumn:
    """A column of an aggregate's table; `text` shows what came between two reads (None: nothing before)."""

    title: str
    text: Callable[[Cell | None, Cell], str]


@dataclass(frozen=True)
class Buckets:
    """How the runtime sorts values: how many buckets, and where those of equal size begin."""

    count: int
    description: Mapping[str, Any]
    begin: int = 0
    step: int = 0


@dataclass(frozen=True)
class AggregateKind:
    """A kind of aggregate; its word is the name of its file, which has it as KIND, and of runtime/kind-WORD.c.

    Attributes:
        columns: what a table shows of each key.
        takes_value: whether it is of a value.
        buckets: for a kind that sorts values into buckets.
    """

    columns: tuple[TableColumn, ...]
    takes_value: bool = True
    buckets: Callable[[AggregateTable], Buckets] | None = None
