# SPDX-License-Identifier: GPL-2.0-only
"""Which events, which of their rows, and from when until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

from lttng_addon_kit.errors import UsageError, nearest

_NS = 1_000_000_000
_HALF_A_DAY = 12 * 60 * 60 * _NS


@dataclass(frozen=True)
class TraceTime:
    """A time in ns since the epoch, since the trace's begin, or since the midnight (here) before it."""

    ns: int
    since: Literal["epoch", "begin", "midnight"] = "epoch"

    def absolute(self, begin_ns: int | None) -> int:
        """In ns since the epoch, of a trace that begins then."""
        begin = begin_ns or 0
        if self.since == "epoch":
            return self.ns
        if self.since == "begin":
            return begin + self.ns
        day = datetime.fromtimestamp(begin // _NS).replace(hour=0, minute=0, second=0)
        found = int(day.timestamp()) * _NS + self.ns
        # A trace may go on after midnight.
        return found if found > begin - _HALF_A_DAY else found + 2 * _HALF_A_DAY


@dataclass(frozen=True)
class Selection:
    """What is wanted of a trace.

    Args:
        events: names, or patterns as of a shell; none: all.
        where: an expression over an event's fields; "": all rows.
        begin, end: the first moment that is wanted, and the first after it that isn't.
    """

    events: tuple[str, ...] = ()
    where: str = ""
    begin: TraceTime | None = None
    end: TraceTime | None = None

    def names(self, event: str) -> bool:
        """Whether an event of this name is wanted."""
        return not self.events or any(fnmatchcase(event, pattern) for pattern in self.events)

    def refuse_unknown(self, found: Collection[str]) -> None:
        """Refuse a name or pattern that no event of a trace has.

        Raises:
            UsageError: with the nearest names.
        """
        for pattern in self.events:
            if not any(fnmatchcase(event, pattern) for event in found):
                raise UsageError(f"the trace has no event {pattern!r}", hint=nearest(pattern, found) or _some(found))


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    return f"it has {', '.join(listed[:8])}{', ...' if len(listed) > 8 else ''}" if listed else "it has no events"
