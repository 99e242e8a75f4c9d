# SPDX-License-Identifier: GPL-2.0-only
"""`tracepoint:NAME`: a tracepoint of the kernel's, by the name that its source has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.hooks.arguments import as_parameters, as_variables, named_arguments
from lttng_addon_kit.hooks.foreign_hooks import system_call_hint
from lttng_addon_kit.hooks.hook import SYMBOLS, Hook
from lttng_addon_kit.hooks.system_calls import tracepoint_arguments
from lttng_addon_kit.kernel.kernel import Kernel, Tracepoint, UnknownTracepoint
from lttng_addon_kit.kernel.types import Argument

USAGE = "tracepoint:NAME"
NAMES = SYMBOLS
TAKES_ARGUMENTS = False
SHOWN_AS = "tracepoint"


def hook_names(kernel: Kernel, pattern: str) -> Iterable[str]:
    """The hooks that a pattern matches; see HookKind."""
    return kernel.tracepoints(pattern)


def find_hook(name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
    """The tracepoint; see HookKind."""
    tracepoint = _tracepoint(name, kernel)
    given = tracepoint_arguments(name, named_arguments(tracepoint.arguments))
    _refuse_undeclarable(name, given, kernel)
    return Hook(
        kind="tracepoint",
        name=name,
        variables=as_variables(given, kernel),
        headers=(),
        module=tracepoint.module,
        arguments=as_parameters(given, kernel),
        trusted=True,
        tracepoint=name,
    )


def _tracepoint(name: str, kernel: Kernel) -> Tracepoint:
    try:
        return kernel.tracepoint(name)
    except UnknownTracepoint as error:
        error.hint = system_call_hint(name) or error.hint
        raise


def _refuse_undeclarable(tracepoint: str, arguments: Sequence[Argument], kernel: Kernel) -> None:
    """The probe's prototype has all arguments, also those that no expression uses."""
    for argument in arguments:
        try:
            Declarations(kernel).declare(argument.type, argument.name)
        except KitError as error:
            raise KitError(
                f"tracepoint {tracepoint!r} gives {argument.name!r} by value, but C can't declare it: {error.message}"
            ) from None
