# SPDX-License-Identifier: GPL-2.0-only
"""`fentry:FUNCTION`: the entry of a function of the kernel itself, by its function tracer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.hooks.arguments import NO_ARGUMENTS, probed_function
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.passed_arguments import argument_variables
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "fentry:FUNCTION"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "function"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.functions(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function's entry; see HookKind."""
    function = probed_function(name, kernel, kernel.trace_refusal(name))
    if function.module:
        # ftrace_release_mod() leaves the address in our filter; another module's function may get it.
        raise KitError(
            f"function {name!r} is in the module {function.module}, which may be unloaded while it is traced",
            hint=f"'kprobe:{name}' ends with its module",
        )
    return Hook(
        kind="fentry",
        name=name,
        variables=argument_variables(function, kernel),
        headers=("linux/tracepoint.h",),
        runtime_headers=("lttng-addon-fentry.h",),
        no_arguments="" if function.is_described else NO_ARGUMENTS,
        is_attached=True,
        missed=("atomic_long_read(&{probe}_fentry.unwatched)",),
        details={"function": name},
    )
