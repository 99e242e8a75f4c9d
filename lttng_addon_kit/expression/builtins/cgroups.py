# SPDX-License-Identifier: GPL-2.0-only
"""cgroup(), cgroup_path(), in_cgroup() and in_workload(): where the current task is in the unified hierarchy."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C, Identifier, Prefix, call
from lttng_addon_kit.expression.c.outcomes import test_of
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY

# The functions of these headers of runtime/ are called.
_CGROUP_HEADER = "lttng-addon-cgroup.h"
_PARAMETER_HEADER = "lttng-addon-cgroup-parameter.h"
WORKLOAD_HEADER = "lttng-addon-workload.h"

_USUAL_PATH = 127


@dataclass(frozen=True)
class InCgroup(typed.TestValue):
    """Whether the current task is in the cgroup that a parameter names, or below it."""

    parameter: str


def _in_cgroup(use: Use) -> typed.Node:
    _check_cgroups(use)
    (path,) = use.arguments
    if not isinstance(path, typed.ParameterValue) or not c_types.is_text(path):
        raise ExpressionError(
            "in_cgroup takes a text parameter: the cgroup is looked up when that is set",
            path.span,
            hint='[parameters] path = "/system.slice", and in_cgroup($path)',
        )
    return InCgroup(c_types.BOOL, use.span, path.name)


def _in_workload(use: Use) -> typed.Node:
    _check_cgroups(use)
    return typed.FunctionResult(c_types.BOOL, use.span, "lttng_addon_in_workload", (), runtime_header=WORKLOAD_HEADER)


def _cgroup(use: Use) -> typed.Node:
    _check_cgroups(use)
    return typed.FunctionResult(c_types.U64, use.span, "lttng_addon_cgroup_id", (), runtime_header=_CGROUP_HEADER)


def _cgroup_path(use: Use) -> typed.Node:
    _check_cgroups(use)
    limit = limit_of(use.arguments[0], LONGEST_COPY, "max") if use.arguments else _USUAL_PATH
    return typed.WrittenText(c_types.TEXT, use.span, limit, "cgroup_path", "lttng_addon_cgroup_path", _CGROUP_HEADER)


def _check_cgroups(use: Use) -> None:
    kernel = use.scope.kernel
    if kernel.find_struct("struct", "cgroup") is None:
        raise ExpressionError(f"Linux {kernel.release} is built without cgroups", use.span)


FUNCTIONS = (
    LanguageFunction("in_workload()", 0, 0, _in_workload),
    LanguageFunction("in_cgroup($path)", 1, 1, _in_cgroup),
    LanguageFunction("cgroup()", 0, 0, _cgroup),
    LanguageFunction("cgroup_path([max])", 0, 1, _cgroup_path),
)


@test_of.register
def _test(node: InCgroup, place: Place) -> C:
    place.body.runtime_headers.add(_PARAMETER_HEADER)
    place.body.cgroups.add(node.parameter)
    return call("lttng_addon_in_cgroup", Prefix("&", Identifier(f"cgroup_{node.parameter}")))
