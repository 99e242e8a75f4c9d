# SPDX-License-Identifier: GPL-2.0-only
"""Ticks of a stream's clock -> time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import NDArray

_NS = 1_000_000_000
# No real time is later (the year 2116); one from flipped bits may be, and would overflow.
_LATEST = 1 << 62


@dataclass(frozen=True)
class StreamClock:
    """A stream's clock: `frequency` in Hz, `offset_ns` what its zero is after the origin."""

    frequency: int
    offset_ns: int

    def to_ns(self, ticks: Any) -> NDArray[numpy.int64]:
        """Nanoseconds since the origin."""
        values = numpy.asarray(ticks, dtype=numpy.uint64)
        if len(values) and values.max() > _LATEST:
            values = numpy.minimum(values, numpy.uint64(_LATEST))
        times = values.view(numpy.int64)
        if self.frequency != _NS:
            seconds, rest = numpy.divmod(times, self.frequency)
            times = seconds * _NS + rest * _NS // self.frequency
        return times + self.offset_ns

    def moment_ns(self, ticks: int) -> int:
        """The same of one moment."""
        return int(self.to_ns([ticks])[0])


def clock_of(frequency: int, seconds: int, ticks: int) -> StreamClock:
    """The clock whose zero is so many seconds and ticks after the origin."""
    return StreamClock(frequency, seconds * _NS + ticks * _NS // frequency)


def in_order(times: NDArray[numpy.int64]) -> tuple[NDArray[numpy.int64], bool]:
    """Times that never go back, and whether they had to be changed for that."""
    if (times[1:] >= times[:-1]).all():
        return times, False
    return numpy.minimum.accumulate(times[::-1])[::-1], True
