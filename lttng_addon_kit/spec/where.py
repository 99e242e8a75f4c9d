# SPDX-License-Identifier: GPL-2.0-only
"""Where the values of an event, an aggregate or a record come from: a hook and a filter."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from lttng_addon_kit.spec.spec_table import Expression, SpecTable


class WhereTable(SpecTable):
    """The keys with which a table names a hook, which `hooks/` reads, and when its values are taken."""

    hook: str | None = None
    """In place of `event`: a hook of its own, as `tracepoint:sched_switch`."""
    filter: Expression | None = None
    """An expression; only hits for which it is true are taken."""
    reads: Literal["direct", "nofault"] | None = None
    """As an event's, for a hook of its own."""


class SourceTable(WhereTable):
    """An event's hook with its filter, or a hook and a filter of the table's own."""

    event: str | None = None
    """The name of the event whose hook and filter it takes (default: the only one)."""

    @model_validator(mode="after")
    def _event_or_hook(self) -> Self:
        if self.hook is not None and self.event is not None:
            raise ValueError("'event' and 'hook' exclude each other: give one of them")
        if self.hook is None and (self.filter is not None or self.reads is not None):
            raise ValueError("'filter' and 'reads' go with a 'hook' of its own; an event has its own")
        return self
