# SPDX-License-Identifier: GPL-2.0-only
"""What expressions may use where a call returns: its arguments as they were, what it returns, how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lttng_addon_kit.hooks.arguments import c_names, free_name
from lttng_addon_kit.hooks.hook import ProbeVariable, Saved
from lttng_addon_kit.hooks.passed_arguments import PassedArgument
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Integer, Struct, Type, Typedef, Void, strip

_U64 = Typedef("u64", Integer("unsigned long long", 8, signed=False))


def return_variables(
    passed: Sequence[PassedArgument], returns: Type | None, kernel: Kernel
) -> Mapping[str, ProbeVariable]:
    """The variables of a probe that a kretprobe calls, by name.

    Args:
        passed: the arguments, which are read when the call begins.
        returns: what the function returns; None: that is not known.
    """
    return dict(_variables(passed, returns, kernel))


def _variables(
    passed: Sequence[PassedArgument], returns: Type | None, kernel: Kernel
) -> Iterator[tuple[str, ProbeVariable]]:
    taken = c_names([each.argument for each in passed], kernel)
    for each, c_name in zip(passed, taken, strict=True):
        saved = Saved(c_name, each.argument.type, each.reading)
        yield each.argument.name, ProbeVariable(c_name, each.argument.type, "entry->{name}", saved)
    if returns is not None and not isinstance(strip(returns), Void | Struct):
        yield "$ret", ProbeVariable(free_name("ret", taken), returns, "({type})regs_return_value(regs)")
    begin = Saved(free_name("begin_ns", taken), _U64, "ktime_get_mono_fast_ns()")
    reading = f"ktime_get_mono_fast_ns() - entry->{begin.name}"
    yield "$duration_ns", ProbeVariable(free_name("duration_ns", taken), _U64, reading, begin)
