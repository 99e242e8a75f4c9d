# SPDX-License-Identifier: GPL-2.0-only
"""`kretprobe:FUNCTION`: the return of a function, with what it returns and what it was called with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lttng_addon_kit.hooks.arguments import NO_ARGUMENTS, c_names, free_name, probed_function
from lttng_addon_kit.hooks.hook import Hook, ProbeVariable, Saved
from lttng_addon_kit.hooks.passed_arguments import passed_arguments
from lttng_addon_kit.kernel.kernel import Kernel, KernelFunction
from lttng_addon_kit.kernel.types import Argument, Integer, Struct, Typedef, Void, strip

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
    return Hook(
        kind="kretprobe",
        name=name,
        variables=dict(_variables(function, kernel)),
        headers=("linux/kprobes.h", "linux/timekeeping.h", "linux/tracepoint.h"),
        module=function.module,
        no_arguments="" if function.is_described else NO_ARGUMENTS,
        is_attached=True,
        is_tried=True,
        result="0",
        missed=("READ_ONCE({probe}_kretprobe.nmissed)", "READ_ONCE({probe}_kretprobe.kp.nmissed)"),
    )


def _variables(function: KernelFunction, kernel: Kernel) -> Iterator[tuple[str, ProbeVariable]]:
    passed = passed_arguments(function, kernel)
    taken = c_names([each.argument for each in passed], kernel)
    for each, c_name in zip(passed, taken, strict=True):
        saved = Saved(c_name, each.argument.type, each.reading)
        yield each.argument.name, ProbeVariable(c_name, each.argument.type, "entry->{name}", saved)
    if not isinstance(strip(function.returns), Void | Struct) and function.is_described:
        yield "$ret", ProbeVariable(free_name("ret", taken), function.returns, "({type})regs_return_value(regs)")
    begin = Saved(free_name("begin_ns", taken), _U64, "ktime_get_mono_fast_ns()")
    reading = f"ktime_get_mono_fast_ns() - entry->{begin.name}"
    yield "$duration_ns", ProbeVariable(free_name("duration_ns", taken), _U64, reading, begin)
