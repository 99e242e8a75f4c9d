# SPDX-License-Identifier: GPL-2.0-only
"""What a module's source says before its own code: headers, types and functions that its probes need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.private_structs import PrivateStruct, PrivateStructs, merged
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.boundary import Boundary
from lttng_addon_kit.module.own_functions import OwnFunctions
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.module.scopes import Scopes
from lttng_addon_kit.spec.addon import Addon


@dataclass(frozen=True)
class Preamble:
    """It, as the templates print it.

    Attributes:
        headers: to be included.
        runtime_headers: to be included, of runtime/: those that expressions need.
        forwards: declarations of structs that only pointers lead to.
        layouts: structs that no header has.
        prototypes: declarations of the user's functions.
        functions: definitions of the functions that expressions need.
        cgroups: the parameters that name a cgroup.
        zeros: size in bytes of the array that is recorded where another can't be reached; 0 for none.
    """

    headers: tuple[str, ...]
    runtime_headers: tuple[str, ...]
    forwards: tuple[str, ...]
    layouts: tuple[PrivateStruct, ...]
    prototypes: tuple[str, ...]
    functions: tuple[str, ...]
    cgroups: frozenset[str]
    zeros: int


def plan_preamble(
    scopes: Scopes, probes: Sequence[Probe], boundary: Boundary | None, own: OwnFunctions, declarations: Declarations
) -> Preamble:
    """Collect what all expressions and declarations of a module need.

    Args:
        own: the user's functions; the ones that expressions call are declared.
        declarations: those of the probes.
    """
    lowered = [moment.lowered for probe in probes for moment in probe.moments]
    if boundary:
        lowered += boundary.lowered
    called = {name for each in lowered for name in each.called}
    hooks = [probe.hook for probe in probes]
    passed = _passed_by_value(hooks, scopes.kernel, declarations)
    headers = _headers(scopes.addon, hooks, {*declarations.headers, *_merged(each.includes for each in lowered)})
    layouts = merged((*passed, *(layout for each in lowered for layout in each.layouts)))
    forwards = {*declarations.forwards, *_merged(each.forwards for each in lowered)}
    return Preamble(
        headers=headers,
        runtime_headers=tuple(sorted(_merged(each.runtime_headers for each in lowered))),
        forwards=_needed_forwards(forwards, layouts, headers, scopes.kernel),
        layouts=layouts,
        prototypes=(
            *own.declarations(called),
            *_init_and_exit(scopes.addon),
            *(boundary.prototypes if boundary else ()),
        ),
        functions=_merged(each.functions for each in lowered),
        cgroups=frozenset(_merged(each.cgroups for each in lowered)),
        zeros=max((each.zeros for each in lowered), default=0),
    )


def _init_and_exit(addon: Addon) -> Iterable[str]:
    if addon.module.init:
        yield f"int {addon.module.init}(void)"
        yield f"void {addon.module.exit}(void)"


def _headers(addon: Addon, hooks: Iterable[Hook], wanted: Iterable[str]) -> tuple[str, ...]:
    headers = {"linux/percpu.h", *wanted, *_merged(hook.headers for hook in hooks)}
    if any(parameter.kind == "text" for parameter in addon.parameters.values()):
        headers |= {"linux/string.h"}
    # Not every header includes what it needs itself; this one brings what nearly all of them count on.
    return "linux/module.h", *sorted(headers - {"linux/module.h"})


def _merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))


def _passed_by_value(hooks: Iterable[Hook], kernel: Kernel, declarations: Declarations) -> tuple[PrivateStruct, ...]:
    """Structs that tracepoints pass as a whole: the probe's prototype needs their size, read or not."""
    layouts = PrivateStructs(kernel, declarations)
    for argument in (each for hook in hooks for each in hook.arguments):
        layouts.whole(argument.type)
    return layouts.all()


def _needed_forwards(
    forwards: Iterable[str], layouts: Sequence[PrivateStruct], headers: Iterable[str], kernel: Kernel
) -> tuple[str, ...]:
    """The forward declarations still needed after includes and definitions."""
    defined = {f"{layout.kind} {layout.name}" for layout in layouts}
    return tuple(
        each
        for each in sorted(forwards)
        if each not in defined and kernel.header_of(*each.split(" ", 1)) not in set(headers)
    )
