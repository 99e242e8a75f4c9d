# SPDX-License-Identifier: GPL-2.0-only
"""Module parameters: how the module declares each, and how its probes read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from lttng_addon_kit.expression.typing import scope
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.parameter_table import ParameterTable


@dataclass(frozen=True)
class ParameterPlan:
    """One parameter as the templates print it.

    Attributes:
        length: the most bytes of a text.
        is_cgroup: whether it names a cgroup, which is looked up when it is set.
        macros: its name, if some header has a macro of that name.
    """

    name: str
    variable: str
    kind: str
    c_type: str
    default: str
    help: str
    length: int = 0
    is_cgroup: bool = False
    macros: tuple[str, ...] = ()


def plan_parameters(
    addon: Addon, is_macro: Callable[[str], bool], cgroups: Collection[str] = ()
) -> list[ParameterPlan]:
    """The addon's parameters, in the order of addon.toml.

    Args:
        is_macro: says whether C would replace a name.
        cgroups: the parameters that name a cgroup.
    """
    return [
        replace(_plan(name, parameter), is_cgroup=name in cgroups, macros=(name,) if is_macro(name) else ())
        for name, parameter in addon.parameters.items()
    ]


def readable_parameters(addon: Addon) -> Mapping[str, scope.Parameter]:
    """What expressions may read as `$NAME`, and the C that reads it."""
    return {
        name: scope.Parameter(parameter.kind, _reading(name, parameter), parameter.length)
        for name, parameter in addon.parameters.items()
    }


def _plan(name: str, parameter: ParameterTable) -> ParameterPlan:
    default = str(parameter.default)
    described = f"{parameter.description or _values(parameter)} (default: {default})"
    if parameter.kind == "text":
        return ParameterPlan(name, _variable(name), "text", "", default, described, parameter.length)
    if parameter.kind == "boolean":
        return ParameterPlan(name, _variable(name), "boolean", "bool", default.lower(), described)
    return ParameterPlan(name, _variable(name), "integer", "long", _c_long(int(default)), described)


def _values(parameter: ParameterTable) -> str:
    """What the parameter may be, in words."""
    return f"text, at most {parameter.length} bytes" if parameter.kind == "text" else parameter.kind


def _variable(name: str) -> str:
    """The C variable's name: its own, so that no argument of a hook can hide it."""
    return f"param_{name}"


def _reading(name: str, parameter: ParameterTable) -> str:
    reader = "lttng_addon_text" if parameter.kind == "text" else "READ_ONCE"
    return f"{reader}({_variable(name)})"


def _c_long(value: int) -> str:
    # -2^63 is no literal of C's: it would be the negation of one that fits no type.
    return "LONG_MIN" if value == -(2**63) else str(value)
