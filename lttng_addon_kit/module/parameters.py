# SPDX-License-Identifier: GPL-2.0-only
"""Module parameters: how the module declares each, and how its probes read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from lttng_addon_kit.expression.typing import scope
from lttng_addon_kit.sinks.abi_types import AbiStruct, lay_out, named_type
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.parameter_table import ParameterTable


@dataclass(frozen=True)
class ParameterPlan:
    """One parameter as the templates print it.

    Attributes:
        length: the most bytes of a text.
        is_cgroup: whether it names a cgroup, which is looked up when it is set.
        macros: its name, if some header has a macro of that name.
        mapped: programs may map it.
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
    mapped: bool = False

    @property
    def operations(self) -> str:
        """The C that has its struct kernel_param_ops."""
        if self.is_cgroup:
            return "lttng_addon_cgroup_ops"
        kernels = {"text": "lttng_addon_text_ops", "integer": "param_ops_long", "boolean": "param_ops_bool"}
        return f"lttng_addons_mapped_{self.kind}_ops" if self.mapped else kernels[self.kind]

    @property
    def argument(self) -> str:
        """The C of what those get."""
        if self.is_cgroup:
            return f"&cgroup_{self.name}"
        return f"{'(void *)' if self.mapped else ''}&{self.variable}"


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


def lay_out_mapped(addon: Addon) -> AbiStruct | None:
    """The parameters that programs may map, as they are in memory; None: there are none."""
    types = {"integer": "s64", "boolean": "bool"}
    members = [(name, named_type(types[each.kind], {})) for name, each in addon.mapped_parameters.items()]
    return lay_out("parameters", f"{addon.c_name}_parameters", members) if members else None


def readable_parameters(addon: Addon) -> Mapping[str, scope.Parameter]:
    """What expressions may read as `$NAME`, and the C that reads it."""
    return {
        name: scope.Parameter(parameter.kind, _reading(name, parameter), parameter.length, _text(parameter))
        for name, parameter in addon.parameters.items()
    }


def _text(parameter: ParameterTable) -> bytes:
    return str(parameter.default).encode() if parameter.kind == "text" else b""


def _plan(name: str, parameter: ParameterTable) -> ParameterPlan:
    default = str(parameter.default)
    described = f"{parameter.description or _values(parameter)} (default: {default})"
    if parameter.kind == "text":
        return ParameterPlan(name, _variable(name), "text", "", default, described, parameter.length)
    if parameter.kind == "boolean":
        default = default.lower()
        return ParameterPlan(name, _variable(name), "boolean", "bool", default, described, mapped=parameter.mapped)
    number = _c_long(int(default))
    return ParameterPlan(name, _variable(name), "integer", "long", number, described, mapped=parameter.mapped)


def _values(parameter: ParameterTable) -> str:
    """What the parameter may be, in words."""
    return f"text, at most {parameter.length} bytes" if parameter.kind == "text" else parameter.kind


def _variable(name: str) -> str:
    """The C variable's name: its own, so that no argument of a hook can hide it."""
    return f"param_{name}"


def _reading(name: str, parameter: ParameterTable) -> str:
    if parameter.mapped and parameter.kind == "boolean":
        return f"lttng_addons_is_set(&addon_parameters->{name})"
    if parameter.mapped:
        return f"READ_ONCE(addon_parameters->{name})"
    reader = "lttng_addon_text" if parameter.kind == "text" else "READ_ONCE"
    return f"{reader}({_variable(name)})"


def _c_long(value: int) -> str:
    # -2^63 is no literal of C's: it would be the negation of one that fits no type.
    return "LONG_MIN" if value == -(2**63) else str(value)
