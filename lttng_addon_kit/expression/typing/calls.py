# SPDX-License-Identifier: GPL-2.0-only
"""Calls: of the language's functions, and of those that the addon's own C defines."""

from __future__ import annotations

from collections.abc import Mapping

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import is_address, is_null, shown
from lttng_addon_kit.expression.typing.elsewhere import function_hint
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.expression.typing.operators import same_target
from lttng_addon_kit.expression.typing.scope import Prototype, Scope
from lttng_addon_kit.kernel.types import Type, Void, strip

_OWN_FUNCTION = "write one in a C file of your own ([module] sources) that calls what it needs"


def call(
    node: syntax.Call,
    arguments: tuple[typed.Node, ...],
    scope: Scope,
    functions: Mapping[str, LanguageFunction],
) -> typed.Node:
    """What a call gives.

    Raises:
        ExpressionError: there is no such function, or it takes other arguments.
    """
    own = scope.functions.get(node.function)
    if own is not None:
        return _own_call(node, own, arguments)
    function = functions.get(node.function)
    if function is None:
        known = [*functions, *scope.functions]
        raise ExpressionError(
            f"there is no function '{node.function}' here",
            node.function_span,
            hint=function_hint(node.function)
            or nearest(node.function, known)
            or f"the kernel's can't be called; {_OWN_FUNCTION}",
        )
    if not function.least <= len(arguments) <= function.most:
        raise ExpressionError(
            f"{node.function} takes {_counted(function.least, function.most)}, not {len(arguments)}",
            node.span,
            hint=function.usage,
        )
    return function.give(Use(node.span, arguments, scope))


def _own_call(node: syntax.Call, own: Prototype, arguments: tuple[typed.Node, ...]) -> typed.Node:
    if len(arguments) != len(own.arguments):
        count = len(own.arguments)
        raise ExpressionError(f"{node.function} takes {_counted(count, count)}, not {len(arguments)}", node.span)
    for argument, wanted in zip(arguments, own.arguments, strict=True):
        if not _accepts(wanted, argument):
            raise ExpressionError(
                f"{node.function} needs {c_types.words(wanted)} here, but this is {shown(argument)}", argument.span
            )
    if isinstance(strip(own.returns), Void):
        raise ExpressionError(f"{node.function} returns nothing (void)", node.span)
    if not (c_types.number(own.returns) or c_types.pointer(own.returns)):
        raise ExpressionError(
            f"{node.function} returns {c_types.words(own.returns)}; only numbers and pointers can be used", node.span
        )
    return typed.FunctionResult(own.returns, node.span, node.function, arguments)


def _accepts(wanted: Type, argument: typed.Node) -> bool:
    if c_types.number(wanted):
        return c_types.number(argument.type) is not None
    if c_types.pointer(wanted):
        return is_null(argument) or (is_address(argument) and same_target(wanted, argument.type))
    return False


def _counted(least: int, most: int) -> str:
    numbers = f"{least}" if least == most else f"{least} to {most}"
    return f"{numbers} argument{'' if most == 1 else 's'}"
