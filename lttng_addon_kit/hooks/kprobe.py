# SPDX-License-Identifier: GPL-2.0-only
"""`kprobe:FUNCTION`: the entry of a function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.hooks.arguments import NO_ARGUMENTS, c_names, probed_function
from lttng_addon_kit.hooks.hook import Hook, ProbeVariable
from lttng_addon_kit.hooks.passed_arguments import passed_arguments
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "kprobe:FUNCTION"
TAKES_ARGUMENTS = False
SHOWN_AS = "function"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.functions(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function's entry; see HookKind."""
    function = probed_function(name, kernel)
    passed = passed_arguments(function, kernel)
    named = zip(passed, c_names([each.argument for each in passed], kernel), strict=True)
    return Hook(
        kind="kprobe",
        name=name,
        variables={
            each.argument.name: ProbeVariable(c_name, each.argument.type, each.reading) for each, c_name in named
        },
        headers=("linux/kprobes.h", "linux/tracepoint.h"),
        module=function.module,
        no_arguments="" if function.is_described else NO_ARGUMENTS,
        is_attached=True,
        is_tried=True,
        result="0",
        missed=("READ_ONCE({probe}_kprobe.nmissed)",),
    )
