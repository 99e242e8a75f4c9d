# SPDX-License-Identifier: GPL-2.0-only
"""Names, constants, operators, casts and calls -> C."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.expression.c.c_tree import (
    EMPTY_TEXT,
    ZERO,
    C,
    FunctionCall,
    Identifier,
    Infix,
    NumberLiteral,
    Prefix,
    Ternary,
    TypeCast,
    number,
)
from lttng_addon_kit.expression.c.compute import complete, compute, decayed, is_costly, value, zero
from lttng_addon_kit.expression.c.conditions import every
from lttng_addon_kit.expression.c.guards import Step, tested
from lttng_addon_kit.expression.c.outcomes import outcome
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import is_struct_cast, nonzero
from lttng_addon_kit.expression.c.texts import PlacedText, text
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.kernel.types import Integer

_MINUS_ONE = number(-1)


@is_costly.register
def _costs(node: typed.FunctionResult | typed.ParameterValue | typed.Arithmetic | typed.Choice) -> bool:
    return True


@is_costly.register
def _costs_a_name(node: typed.Conversion) -> bool:
    return is_struct_cast(node)


@compute.register
def _variable(node: typed.Variable, place: Place) -> C:
    place.body.used.add(node.c_name)
    return Identifier(node.c_name)


@compute.register
def _constant(node: typed.Constant, place: Place) -> C:
    if node.header:
        place.body.headers.add(node.header)
    return NumberLiteral(node.spelling, node.value < 0 and node.header is None)


@compute.register
def _parameter(node: typed.ParameterValue, place: Place) -> C:
    return Identifier(node.c_text)


@compute.register
def _call(node: typed.FunctionResult, place: Place) -> C:
    if node.header:
        place.body.headers.add(node.header)
    if node.runtime_header:
        place.body.runtime_headers.add(node.runtime_header)
    place.body.called.add(node.function)
    return FunctionCall(node.function, tuple(value(argument, place) for argument in node.arguments))


@compute.register
def _user_address(node: typed.UserAddress, place: Place) -> C:
    return decayed(node.pointer, place)


@compute.register
def _sign(node: typed.Sign, place: Place) -> C:
    return Prefix(node.operator, value(node.operand, place))


@compute.register
def _cast(node: typed.Conversion, place: Place) -> C:
    operand = decayed(node.operand, place)
    if c_types.is_truth(node):
        return Infix("!=", operand, zero(node.operand.type))
    complete(node.type, place)
    return TypeCast(place.body.type_name(node.type), operand)


@compute.register
def _arithmetic(node: typed.Arithmetic, place: Place) -> C:
    left = value(node.left, place)
    if node.operator in ("/", "%") and constant_value(node.right) is None:
        return _division(node, left, place)
    right = value(node.right, place)
    complete(node.left.type, place)
    complete(node.right.type, place)
    if node.operator in ("<<", ">>") and constant_value(node.right) is None:
        # C leaves a shift by more than the width undefined; as in the hardware, it wraps.
        plain = c_types.number(node.type)
        assert plain is not None
        right = Infix("&", right, number(8 * plain.size - 1))
    return Infix(node.operator, left, right)


def _division(node: typed.Arithmetic, left: C, place: Place) -> C:
    """A division by 0 has no value, as what is behind NULL; the smallest integer by -1 would trap, too."""
    right = nonzero(node.right, place)
    quotient = Infix(node.operator, left, right)
    result, divisor = c_types.number(node.type), c_types.number(node.right.type)
    if not (isinstance(result, Integer) and result.signed and divisor and divisor.signed):
        return quotient
    by_minus_one = Infix("==", right, _MINUS_ONE)
    if node.operator == "%":
        return Ternary(by_minus_one, ZERO, quotient)
    if c_types.promoted(node.left.type) != result:
        left = TypeCast(result.name, left)
    return Ternary(by_minus_one, Prefix("-", left), quotient)


@compute.register
def _choice(node: typed.Choice, place: Place) -> C:
    return _chosen(node, place, as_text=False)


@text.register
def _text_choice(node: typed.Choice, place: Place) -> PlacedText:
    return PlacedText(_chosen(node, place, as_text=True))


def _chosen(node: typed.Choice, place: Place, *, as_text: bool) -> C:
    """`c ? a : b`, where a branch that meets NULL gives 0, or "" if a text is wanted."""
    decided = outcome(node.condition, True, place.fork(unordered=True))
    branches = []
    for branch, known in ((node.yes, decided.if_true), (node.no, decided.if_false)):
        inside = place.with_facts(known.fork(inline=True))
        read = text(branch, inside).value if as_text else decayed(branch, inside)
        branches.append(guarded(read, inside.steps, EMPTY_TEXT if as_text else zero(node.type)))
    return Ternary(decided.condition, *branches)


def guarded(read: C, steps: Sequence[Step], instead: C) -> C:
    """A value inside an expression: `instead` unless all steps succeed."""
    return Ternary(every([tested(step) for step in steps]), read, instead) if steps else read
