# SPDX-License-Identifier: GPL-2.0-only
"""now_ns() and the kernel's other clocks, all of which can be read in any context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C, call
from lttng_addon_kit.expression.c.compute import compute, is_costly
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.clock_times import BOOT_TIME, MONOTONIC, REAL_TIME, SCHEDULER, clock_of
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.expression.typing.typed import Clock


@dataclass(frozen=True)
class ClockValue(typed.FunctionValue):
    """The time by a clock; `reader` is the function of the kernel's `header` that reads it."""

    clock: Clock
    reader: str
    header: str

    @property
    def function(self) -> str:
        return self.clock.function.removesuffix("()")


def _reading(clock: Clock, reader: str, header: str) -> Callable[[Use], typed.Node]:
    return lambda use: ClockValue(c_types.U64, use.span, clock, reader, header)


# The "fast" ones need no lock, so that an NMI may read them (kernel/time/timekeeping.c). local_clock() is what run
# queues are timed by (kernel/sched/clock.c).
FUNCTIONS = tuple(
    LanguageFunction(clock.function, 0, 0, _reading(clock, reader, header))
    for clock, reader, header in (
        (MONOTONIC, "ktime_get_mono_fast_ns", "linux/timekeeping.h"),
        (BOOT_TIME, "ktime_get_boot_fast_ns", "linux/timekeeping.h"),
        (REAL_TIME, "ktime_get_real_fast_ns", "linux/timekeeping.h"),
        (SCHEDULER, "local_clock", "linux/sched/clock.h"),
    )
)


@compute.register
def _read(node: ClockValue, place: Place) -> C:
    place.body.headers.add(node.header)
    return call(node.reader)


@is_costly.register
def _costs_a_call(node: ClockValue) -> bool:
    return True


@clock_of.register
def _clock(node: ClockValue) -> Clock:
    return node.clock


@wishes.register
def _name(node: ClockValue) -> tuple[str, ...]:
    return (node.function,)
