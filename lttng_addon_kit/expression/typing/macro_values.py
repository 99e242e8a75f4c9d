# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's macros that stand for an integer, as ETH_P_IP does."""

from __future__ import annotations

from collections.abc import Callable

from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.parse import parse
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.scope import Scope

_SUFFIXES = {
    c_types.UNSIGNED_INT: "u",
    c_types.LONG: "l",
    c_types.UNSIGNED_LONG: "ul",
    c_types.LONG_LONG: "ll",
    c_types.UNSIGNED_LONG_LONG: "ull",
}
# Headers that any code may include; from others, a macro is written as its value.
_INCLUDED = ("linux/", "net/")


def constant(node: syntax.Name, scope: Scope, annotate: Callable[[syntax.Node], typed.Node]) -> typed.Constant | None:
    """The integer that a macro stands for; None if there is no such macro.

    Args:
        annotate: gives the typed tree of what a macro stands for.

    Raises:
        ExpressionError: it stands for something else.
    """
    macro = scope.kernel.macro(node.name)
    if macro is None:
        return None
    value = _evaluated(macro.text, scope, annotate)
    number = constant_value(value) if value is not None else None
    if value is None or number is None:
        raise ExpressionError(f"'{node.name}' is a macro for {macro.text}, which is not an integer", node.span)
    header = macro.header if macro.header.startswith(_INCLUDED) else None
    spelling = node.name if header else f"{number}{_SUFFIXES.get(c_types.promoted(value.type), '')} /* {node.name} */"
    return typed.Constant(value.type, node.span, number, spelling, header)


def _evaluated(text: str, scope: Scope, annotate: Callable[[syntax.Node], typed.Node]) -> typed.Node | None:
    try:
        return annotate(parse(text, Scope(scope.kernel, {}).is_type))
    except ExpressionError:
        return None
