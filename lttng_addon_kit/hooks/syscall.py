# SPDX-License-Identifier: GPL-2.0-only
"""`syscall:NAME`: a system call, with the arguments that the program gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.passed_arguments import as_probe_variables
from lttng_addon_kit.hooks.system_call_function import CALLER_HEADER, system_call_function
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "syscall:NAME"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "hook"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.system_calls.names(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The entry of the system call's function; see HookKind."""
    function = system_call_function(name, kernel)
    return Hook(
        kind="syscall",
        name=name,
        variables=as_probe_variables(function.passed, kernel),
        headers=("linux/tracepoint.h",),
        runtime_headers=(CALLER_HEADER, "lttng-addon-fentry.h"),
        no_arguments=function.no_arguments,
        is_attached=True,
        missed=("atomic_long_read(&{probe}_fentry.unwatched)",),
        details={"function": function.name},
    )
