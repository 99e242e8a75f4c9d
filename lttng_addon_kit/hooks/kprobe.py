# SPDX-License-Identifier: GPL-2.0-only
"""`kprobe:FUNCTION`: the entry of a function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.hooks.arguments import c_names, probed_function, register_arguments, register_reading
from lttng_addon_kit.hooks.hook import Hook, ProbeVariable
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
    arguments = register_arguments(function, kernel)
    named = zip(arguments, c_names(arguments, kernel), strict=True)
    return Hook(
        kind="kprobe",
        name=name,
        variables={
            each.name: ProbeVariable(c_name, each.type, register_reading(index))
            for index, (each, c_name) in enumerate(named)
        },
        headers=("linux/kprobes.h", "linux/tracepoint.h"),
        module=function.module,
        is_attached=True,
        result="0",
        missed=("READ_ONCE({probe}_kprobe.nmissed)",),
    )
