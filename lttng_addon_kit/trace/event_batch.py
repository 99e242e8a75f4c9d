# SPDX-License-Identifier: GPL-2.0-only
"""What reading a trace yields, whichever reader reads: batches of events as columns, and what else was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy
from numpy.typing import NDArray

from lttng_addon_kit.trace.column import Column
from lttng_addon_kit.trace.damage import Damage

# Which kind of address (ip4, ip6, mac) each field is that is one, by event and field; of an event that it lacks,
# it isn't known.
Addresses = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class EventBatch:
    """Events of one class from one CPU (None: the trace doesn't say), in order.

    `times_ns` are nanoseconds since the clock's origin (for LTTng: the Unix epoch), None where the trace has no clock.
    """

    event: str
    cpu: int | None
    count: int
    times_ns: NDArray[numpy.int64] | None
    fields: tuple[Column, ...]
    context: tuple[Column, ...]


@dataclass
class TimeSpan:
    """The time from the first moment to the last; None while there is none."""

    begin_ns: int | None = None
    end_ns: int | None = None

    def include(self, time_ns: int) -> None:
        """Widen the span to hold this moment."""
        self.begin_ns = time_ns if self.begin_ns is None else min(self.begin_ns, time_ns)
        self.end_ns = time_ns if self.end_ns is None else max(self.end_ns, time_ns)


@dataclass
class Findings:
    """What is known of a trace besides its events; complete once all batches were read.

    `span` is that of the packets. `discarded_*` count what the tracer dropped. `readers` are who read.
    """

    span: TimeSpan = field(default_factory=TimeSpan)
    discarded_events: int = 0
    discarded_packets: int = 0
    damage: list[Damage] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)
