# SPDX-License-Identifier: GPL-2.0-only
"""`kretprobe:FUNCTION`: the return of a function, with what it returns and what it was called with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lttng_addon_kit.hooks.arguments import c_names, free_name, probed_function, register_arguments, register_reading
from lttng_addon_kit.hooks.hook import Hook, ProbeVariable, Saved
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument, Integer, Type, Typedef, Void, strip

USAGE = "kretprobe:FUNCTION"
TAKES_ARGUMENTS = False
SHOWN_AS = "function"

_U64 = Typedef("u64", Integer("unsigned long long", 8, signed=False))


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.functions(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function's return; see HookKind."""
    function = probed_function(name, kernel)
    called_with = register_arguments(function, kernel)
    return Hook(
        kind="kretprobe",
        name=name,
        variables=dict(_variables(called_with, function.returns, kernel)),
        headers=("linux/kprobes.h", "linux/timekeeping.h", "linux/tracepoint.h"),
        module=function.module,
        is_attached=True,
        result="0",
        missed=("READ_ONCE({probe}_kretprobe.nmissed)", "READ_ONCE({probe}_kretprobe.kp.nmissed)"),
    )


def _variables(arguments: Sequence[Argument], returns: Type, kernel: Kernel) -> Iterator[tuple[str, ProbeVariable]]:
    taken = c_names(arguments, kernel)
    for index, (each, c_name) in enumerate(zip(arguments, taken, strict=True)):
        saved = Saved(c_name, each.type, register_reading(index))
        yield each.name, ProbeVariable(c_name, each.type, "entry->{name}", saved)
    if not isinstance(strip(returns), Void):
        yield "$ret", ProbeVariable(free_name("ret", taken), returns, "({type})regs_return_value(regs)")
    begin = Saved(free_name("begin_ns", taken), _U64, "ktime_get_mono_fast_ns()")
    reading = f"ktime_get_mono_fast_ns() - entry->{begin.name}"
    yield "$duration_ns", ProbeVariable(free_name("duration_ns", taken), _U64, reading, begin)
