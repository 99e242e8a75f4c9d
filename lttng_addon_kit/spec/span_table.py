# SPDX-License-Identifier: GPL-2.0-only
"""`[[span]]`: what lies between two moments, found by a key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from lttng_addon_kit.spec.c_names import Identifier
from lttng_addon_kit.spec.duration import Duration, nanoseconds
from lttng_addon_kit.spec.spec_table import Expression, Expressions, SpecTable, as_list
from lttng_addon_kit.spec.where import WhereTable


class EdgeTable(WhereTable):
    """Where a span begins, ends or is dropped: a hook, a filter, and the key that tells spans apart."""

    hook: str
    """Where the probe attaches, as `tracepoint:sched_waking`."""
    key: Expressions = []
    """An expression, or several: numbers, pointers, addresses, texts; spans with the same values are the same one."""


Edges = Annotated[
    list[EdgeTable],
    BeforeValidator(as_list, json_schema_input_type=EdgeTable | list[EdgeTable]),
    Field(min_length=1, max_length=16),
]


class SpanTable(SpecTable):
    """`[[span]]`: from one moment to another; `span:NAME` is then a hook, hit when the span ends."""

    name: Identifier
    """A C identifier; the hook is `span:NAME`."""
    begin: Edges
    """Where it begins: a table with `hook`, `key` and, if wanted, `filter`; or a list of such."""
    end: Edges
    """Where it ends, as `begin`; the keys are of the same kinds."""
    drop: Annotated[
        list[EdgeTable],
        BeforeValidator(as_list, json_schema_input_type=EdgeTable | list[EdgeTable]),
        Field(max_length=16),
    ] = []
    """Where it is forgotten, as `begin`: the end will not come."""
    keep: dict[Identifier, Expression] = {}
    """Expressions that are evaluated at the beginning; `$NAME` has the value at the end."""
    entries: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """How many spans can be open at once; the memory is taken when the module is loaded."""
    timeout: Duration | None = None
    """A span that is open for so long ends by itself, with `$timed_out`: `500ms`, `5s`."""
    again: Literal["restart", "keep", "count"] = "restart"
    """What happens when a key that is open begins again: it begins anew, it stays, or it ends as often as it began."""

    @property
    def timeout_ns(self) -> int:
        """0: it has none."""
        return nanoseconds(self.timeout) if self.timeout else 0
