# SPDX-License-Identifier: GPL-2.0-only
"""The text of an expression -> its typed tree."""

from __future__ import annotations

from lttng_addon_kit.expression.builtins.builtin_table import LANGUAGE
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.parse import parse
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.annotation import annotate
from lttng_addon_kit.expression.typing.checks import check_truth
from lttng_addon_kit.expression.typing.scope import Scope


def read(text: str, scope: Scope) -> typed.Node:
    """Parse and annotate one expression.

    Raises:
        ExpressionError: it is no expression, or not one that makes sense with this scope.
    """
    return annotate(parse(text, scope.is_type), scope, LANGUAGE)


def read_filter(text: str, scope: Scope) -> typed.Node:
    """As `read`, for an expression that decides: a number, a pointer or a comparison.

    Raises:
        ExpressionError: as `read`; or the value is neither true nor false.
    """
    node = read(text, scope)
    if isinstance(node, typed.FunctionValue) and (node.makes_field or isinstance(node, typed.TextValue)):
        raise ExpressionError(f"{node.function}() makes a field; a filter is true or false", node.span)
    check_truth(node, scope.kernel)
    return node
