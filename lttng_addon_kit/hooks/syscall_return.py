# SPDX-License-Identifier: GPL-2.0-only
"""`syscall_return:NAME`: the end of a system call, with what it returns and the arguments that it was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.expression.typing import c_types
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.return_variables import return_variables
from lttng_addon_kit.hooks.system_call_function import CALLER_HEADER, system_call_function
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "syscall_return:NAME"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "hook"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.system_calls.names(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The return of the system call's function; see HookKind."""
    function = system_call_function(name, kernel)
    return Hook(
        kind="syscall_return",
        name=name,
        variables=return_variables(function.passed, c_types.LONG, kernel),
        headers=("linux/kprobes.h", "linux/timekeeping.h", "linux/tracepoint.h"),
        runtime_headers=(CALLER_HEADER,),
        no_arguments=function.no_arguments,
        is_attached=True,
        is_tried=True,
        result="0",
        missed=("READ_ONCE({probe}_kretprobe.nmissed)", "READ_ONCE({probe}_kretprobe.kp.nmissed)"),
        details={"function": function.name},
    )
