# SPDX-License-Identifier: GPL-2.0-only
"""`kprobe:FUNCTION`: the entry of a function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.hooks.arguments import NO_ARGUMENTS, probed_function
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.passed_arguments import argument_variables
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "kprobe:FUNCTION"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "function"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.functions(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function's entry; see HookKind."""
    function = probed_function(name, kernel, kernel.kprobe_refusal(name))
    return Hook(
        kind="kprobe",
        name=name,
        variables=argument_variables(function, kernel),
        headers=("linux/kprobes.h", "linux/tracepoint.h"),
        module=function.module,
        no_arguments="" if function.is_described else NO_ARGUMENTS,
        is_attached=True,
        result="0",
        missed=("READ_ONCE({probe}_kprobe.nmissed)",),
    )
