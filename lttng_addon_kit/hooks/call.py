# SPDX-License-Identifier: GPL-2.0-only
"""`call:NAME`: a function that the addon's own C calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.hooks.arguments import as_parameters, as_variables
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "call:NAME"
NAMES = SYMBOLS
TAKES_ARGUMENTS = True
SHOWN_AS = None


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return ()


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function, with the arguments of [event.arguments]; see HookKind."""
    return Hook(
        kind="call",
        name=name,
        variables=as_variables(arguments, kernel),
        headers=("linux/tracepoint.h",),
        arguments=as_parameters(arguments, kernel),
        is_of_addon=True,
    )
