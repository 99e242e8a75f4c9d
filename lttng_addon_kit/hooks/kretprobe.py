# SPDX-License-Identifier: GPL-2.0-only
"""`kretprobe:FUNCTION`: the return of a function, with what it returns and what it was called with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.hooks.arguments import NO_ARGUMENTS, probed_function
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.passed_arguments import passed_arguments
from lttng_addon_kit.hooks.return_variables import return_variables
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "kretprobe:FUNCTION"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "function"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.functions(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function's return; see HookKind."""
    function = probed_function(name, kernel, kernel.kprobe_refusal(name))
    returns = function.returns if function.is_described else None
    return Hook(
        kind="kretprobe",
        name=name,
        variables=return_variables(passed_arguments(function, kernel), returns, kernel),
        headers=("linux/kprobes.h", "linux/timekeeping.h", "linux/tracepoint.h"),
        module=function.module,
        no_arguments="" if function.is_described else NO_ARGUMENTS,
        is_attached=True,
        is_tried=True,
        result="0",
        missed=("READ_ONCE({probe}_kretprobe.nmissed)", "READ_ONCE({probe}_kretprobe.kp.nmissed)"),
        details={"function": name},
    )
