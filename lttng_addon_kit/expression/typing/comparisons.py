# SPDX-License-Identifier: GPL-2.0-only
"""Comparisons of numbers, pointers and texts; those that can only be slips are refused."""

from __future__ import annotations

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import (
    check_number,
    check_text_ends,
    check_text_fits,
    is_address,
    is_null,
    listed,
    with_article,
)
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.operators import same_target
from lttng_addon_kit.expression.typing.ranges import certain
from lttng_addon_kit.expression.typing.user_memory import leads_to_user_space
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Enum, strip

# What a comparison is with its sides exchanged.
_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
OPERATORS = frozenset(_TURNED)


def comparison(node: syntax.Binary, left: typed.Node, right: typed.Node, kernel: Kernel) -> typed.Node:
    """`left operator right`, for one of OPERATORS.

    Raises:
        ExpressionError: the two can't be compared, or the outcome is certain before anything runs.
    """
    if node.operator in ("==", "!="):
        left, right = as_label(left, right), as_label(right, left)
    if left == right:
        raise ExpressionError("both sides of this comparison are the same", node.span)
    if (c_types.is_text(left) or c_types.is_text(right)) and not (is_null(left) or is_null(right)):
        return _of_texts(node, left, right)
    if is_address(left) or is_address(right):
        _check_pointers(node, left, right)
    else:
        check_number(left, f"'{node.operator}'", kernel)
        check_number(right, f"'{node.operator}'", kernel)
        if constant_value(left) is not None and constant_value(right) is not None:
            raise ExpressionError("both sides of this comparison are constants", node.span)
        _check_certain(node, left, right)
    return typed.Comparison(c_types.BOOL, node.span, node.operator, left, right)


def as_label(side: typed.Node, other: typed.Node) -> typed.Node:
    """A text that meets an enum: the label of that name; all else as it is.

    Raises:
        ExpressionError: the enum has no such label.
    """
    enum = strip(other.type)
    if not isinstance(side, typed.TextConstant) or not isinstance(enum, Enum):
        return side
    name = side.value.decode(errors="replace")
    labels = dict(enum.values)
    if name not in labels:
        hint = nearest(name, labels) or listed("it has", labels)
        raise ExpressionError(f"this enum has no label {name!r}", side.span, hint=hint)
    return typed.Constant(other.type, side.span, labels[name], f"{labels[name]} /* {name} */")


def _of_texts(node: syntax.Binary, left: typed.Node, right: typed.Node) -> typed.Node:
    for text, other in ((left, right), (right, left)):
        if not c_types.may_be_text(other):
            raise ExpressionError(
                f"{with_article(text)} can't be compared with {with_article(other)}",
                node.span,
                hint="read a text there by user_text(pointer, max)" if leads_to_user_space(other) else "",
            )
        check_text_ends(text)
        check_text_fits(text, other, "equal")
    if node.operator not in ("==", "!="):
        raise ExpressionError(
            f"texts have no '{node.operator}'", node.span, hint="there are ==, !=, startswith() and one_of()"
        )
    if isinstance(left, typed.TextConstant) and isinstance(right, typed.TextConstant):
        raise ExpressionError("both sides of this comparison are constants", node.span)
    return typed.TextComparison(c_types.BOOL, node.span, "==" if node.operator == "==" else "!=", left, right)


def _check_pointers(node: syntax.Binary, left: typed.Node, right: typed.Node) -> None:
    for pointer, other in ((left, right), (right, left)):
        if is_null(other) and (what := c_types.never_null(pointer)):
            raise ExpressionError(f"{what} is never NULL", pointer.span)
        if not is_address(other) and not is_null(other):
            raise ExpressionError(
                f"a pointer ({c_types.words(pointer.type)}) can't be compared with {with_article(other)}",
                node.span,
                hint="cast it: (unsigned long)pointer" if c_types.number(other.type) else "",
            )
    if not (is_null(left) or is_null(right) or same_target(left.type, right.type)):
        raise ExpressionError(
            f"these are pointers to different things ({c_types.words(left.type)}, {c_types.words(right.type)})",
            node.span,
            hint="cast one to the other's type",
        )


def _check_certain(node: syntax.Binary, left: typed.Node, right: typed.Node) -> None:
    """Refuse a comparison with a constant that has one outcome only."""
    for one, other, turned in ((left, right, node.operator), (right, left, _TURNED[node.operator])):
        value = constant_value(other)
        if value is not None and (reason := certain(turned, one, value)):
            raise ExpressionError(reason, one.span)
