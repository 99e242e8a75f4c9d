# SPDX-License-Identifier: GPL-2.0-only
"""`timer:PERIOD` and `timer:PERIOD:percpu`: the end of each period, in an interrupt of one CPU or of every CPU."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument
from lttng_addon_kit.spec.duration import nanoseconds

USAGE = "timer:PERIOD[:percpu]"
NAMES = r"\w+(:\w+)?"
TAKES_ARGUMENTS = False
SHOWN_AS = None

_EACH_CPU = "percpu"
# Below it, a probe that records leaves a CPU little time for anything else.
_SHORTEST_NS = 100_000
_USUAL = ("1ms", "10ms", "100ms", "1s")


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches, of some usual ones; see HookKind."""
    return fnmatch.filter([*_USUAL, *(f"{period}:{_EACH_CPU}" for period in _USUAL)], pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The timer; see HookKind."""
    period, colon, where = name.partition(":")
    if colon and where != _EACH_CPU:
        raise KitError(f"a timer is for one CPU, or '{_EACH_CPU}', not {where!r}", hint=f"'{USAGE}'")
    return Hook(
        kind="timer",
        name=name,
        variables={},
        headers=("linux/tracepoint.h",),
        runtime_headers=("lttng-addon-timer.h",),
        is_attached=True,
        result="HRTIMER_RESTART",
        missed=("atomic_long_read(&{probe}_timer.late)",),
        details={"period_ns": str(_period_ns(period)), "percpu": where},
    )


def _period_ns(text: str) -> int:
    try:
        period = nanoseconds(text)
    except ValueError as error:
        raise KitError(str(error), hint=f"'{USAGE}', as 'timer:100ms' or 'timer:10ms:{_EACH_CPU}'") from None
    if period < _SHORTEST_NS:
        raise KitError(f"a timer's period is at least {_SHORTEST_NS // 1000}us, not {text}")
    return period
