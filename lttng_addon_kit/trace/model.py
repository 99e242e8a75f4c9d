# SPDX-License-Identifier: GPL-2.0-only
"""A summary as plain data; the attributes' names and shapes are those of the JSON (docs/summary.md).

Times are nanoseconds since the trace clock's origin, for LTTng the Unix epoch; `exact` says whether a field's
figures are exact or estimated by sketches (statistics.py has the errors); `top` is [value, count] pairs, the
most frequent first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lttng_addon_kit.errors import KitError


@dataclass(frozen=True)
class Bucket:
    """`count` values from `low`, and less than `high`."""

    low: int | float
    high: int | float
    count: int


@dataclass(frozen=True)
class Numbers:
    """A field of numbers. `distinct` is None and `top` empty once there are too many different ones."""

    type: Literal["integer", "float"]
    base: int
    count: int
    exact: bool
    min: int | float | None
    mean: float | None
    p50: int | float | None
    p99: int | float | None
    max: int | float | None
    distinct: int | None
    top: list[tuple[int | float, int]]
    histogram: list[Bucket]


@dataclass(frozen=True)
class TextValues:
    """A field of text, labels of an enumeration, or true and false."""

    type: Literal["text", "enum", "boolean"]
    count: int
    exact: bool
    distinct: int
    top: list[tuple[str, int]]


@dataclass(frozen=True)
class Pointers:
    """A field of pointers; `null` is how many were NULL."""

    count: int
    exact: bool
    distinct: int
    null: int
    type: Literal["pointer"] = "pointer"


@dataclass(frozen=True)
class Arrays:
    """A field of arrays: their lengths in elements; `top` has the beginning of long ones."""

    count: int
    exact: bool
    length: Numbers
    distinct: int
    top: list[tuple[str, int]]
    type: Literal["array"] = "array"


FieldSummary = Numbers | TextValues | Pointers | Arrays


@dataclass(frozen=True)
class TimelineSummary:
    """Counts in buckets of `bucket_ns` from `begin_ns` on; the buckets are the same for all events."""

    begin_ns: int
    bucket_ns: int
    counts: list[int]


@dataclass(frozen=True)
class CpuShare:
    """The events of one CPU, and their share of all (0 to 1)."""

    count: int
    share: float


@dataclass(frozen=True)
class EventSummary:
    """All events of one name. `rate_hz` is their count over the whole trace's span; times are None without a clock."""

    count: int
    rate_hz: float | None
    begin_ns: int | None
    end_ns: int | None
    per_cpu: dict[str, CpuShare]
    timeline: TimelineSummary | None
    fields: dict[str, FieldSummary]
    context: dict[str, FieldSummary] = field(default_factory=dict)


@dataclass(frozen=True)
class DamageSummary:
    """A file that couldn't be read, or not to its end; the rest of the trace is summarised."""

    file: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """A trace. `discarded_*` is what the tracer lost: it isn't in the counts; `reader` is who read it."""

    trace: str
    begin_ns: int | None
    end_ns: int | None
    discarded_events: int
    discarded_packets: int
    damage: list[DamageSummary]
    events: dict[str, EventSummary]
    reader: str = ""

    @property
    def count(self) -> int:
        """The events of all names."""
        return sum(event.count for event in self.events.values())

    @property
    def error(self) -> KitError | None:
        """The error that a damaged trace is, to be raised once the rest was shown; None for a whole one."""
        if not self.damage:
            return None
        first = self.damage[0]
        more = f" (and {len(self.damage) - 1} more files)" if len(self.damage) > 1 else ""
        return KitError(
            f"the trace is damaged: {first.file} {first.reason}{more}",
            hint=f"the {self.count:,} events that could be read are summarised; was the trace copied whole?",
        )
