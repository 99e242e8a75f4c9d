# SPDX-License-Identifier: GPL-2.0-only
"""Values that the kernel has at hand: the current task and CPU, jiffies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C, FunctionCall, Identifier, MemberAccess, call
from lttng_addon_kit.expression.c.compute import compute, is_costly
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.kernel.types import Array, Type

_CURRENT = Identifier("current")
# TASK_COMM_LEN (include/linux/sched.h)
_COMM = Array(c_types.CHAR, 16)


@dataclass(frozen=True)
class _Reading:
    """The C that reads a value, and the header that it needs."""

    c: C
    header: str
    type: Type | None = None


_READINGS = {
    "current": _Reading(_CURRENT, "linux/sched.h"),
    "jiffies": _Reading(Identifier("jiffies"), "linux/jiffies.h"),
    "pid": _Reading(MemberAccess(_CURRENT, "->", "pid"), "linux/sched.h", c_types.INT),
    "tgid": _Reading(MemberAccess(_CURRENT, "->", "tgid"), "linux/sched.h", c_types.INT),
    "comm": _Reading(MemberAccess(_CURRENT, "->", "comm"), "linux/sched.h", _COMM),
    "cpu": _Reading(call("raw_smp_processor_id"), "linux/smp.h", c_types.INT),
}


def _giving(name: str, type_: Type) -> Callable[[Use], typed.Node]:
    return lambda use: typed.KernelValue(type_, use.span, name)


FUNCTIONS = tuple(
    LanguageFunction(f"{name}()", 0, 0, _giving(name, reading.type))
    for name, reading in _READINGS.items()
    if reading.type is not None
)


@compute.register
def _read(node: typed.KernelValue, place: Place) -> C:
    reading = _READINGS[node.name]
    place.body.headers.add(reading.header)
    return reading.c


@is_costly.register
def _costs_a_call(node: typed.KernelValue) -> bool:
    return isinstance(_READINGS[node.name].c, FunctionCall)
