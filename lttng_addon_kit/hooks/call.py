"""`call:NAME`: a function that the addon's own C calls."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.hooks.arguments import as_variables
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument

USAGE = "call:NAME"
TAKES_ARGUMENTS = True
SHOWN_AS = None


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The function, with the arguments of [event.arguments]; see HookKind."""
    return Hook(
        kind="call",
        name=name,
        variables=as_variables(arguments),
        headers=("linux/tracepoint.h",),
        arguments=tuple(arguments),
    )
