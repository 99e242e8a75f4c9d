# SPDX-License-Identifier: GPL-2.0-only
"""one_of(x, a, b, ...)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import ZERO, C, Infix
from lttng_addon_kit.expression.c.compute import value
from lttng_addon_kit.expression.c.conditions import either
from lttng_addon_kit.expression.c.outcomes import kept, test_of
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.texts import same_text
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_text_ends, check_text_fits
from lttng_addon_kit.expression.typing.comparisons import as_label
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.expression.typing.ranges import certain


@dataclass(frozen=True)
class OneOf(typed.TestValue):
    """Whether a number or text is one of some constants and parameters."""

    takes_texts = True

    value: typed.Node
    options: tuple[typed.Node, ...]


def _give(use: Use) -> typed.Node:
    tested, options = use.arguments[0], use.arguments[1:]
    if not c_types.may_be_text(tested) and c_types.number(tested.type) is None:
        raise ExpressionError(f"one_of takes a number or a text, but this is {c_types.words(tested.type)}", tested.span)
    check_text_ends(tested)
    if _is_fixed(tested):
        raise ExpressionError("this never changes: there is nothing to compare", tested.span)
    options = tuple(as_label(option, tested) for option in options)
    for option in options:
        _check_option(option, tested, _compares_texts(tested, options))
    return OneOf(c_types.BOOL, use.span, tested, options)


def _compares_texts(tested: typed.Node, options: Sequence[typed.Node]) -> bool:
    return c_types.is_text(tested) or (c_types.may_be_text(tested) and any(map(c_types.is_text, options)))


def _check_option(option: typed.Node, tested: typed.Node, wants_text: bool) -> None:
    number = constant_value(option)
    if number is not None and not wants_text and (reason := certain("==", tested, number)):
        raise ExpressionError(reason, tested.span)
    if not _is_fixed(option):
        raise ExpressionError(
            "one_of compares with constants and parameters", option.span, hint="write x == a || x == b"
        )
    if c_types.is_text(option) != wants_text:
        kinds = ("texts", "a number") if wants_text else ("numbers", "a text")
        raise ExpressionError(f"this one_of() compares {kinds[0]}, but this option is {kinds[1]}", option.span)
    if wants_text:
        check_text_fits(tested, option, "equal")


def _is_fixed(node: typed.Node) -> bool:
    """Whether it is made of constants and parameters alone, so that no pointer is followed for it."""
    below = list(typed.children(node))
    leaf = isinstance(node, typed.Constant | typed.TextConstant | typed.ParameterValue)
    return leaf or (bool(below) and all(_is_fixed(each) for each in below))


FUNCTIONS = (LanguageFunction("one_of(x, a, b, ...)", 2, 64, _give),)


@test_of.register
def _test(node: OneOf, place: Place) -> C:
    if _compares_texts(node.value, node.options):
        return either([same_text(node.value, option, place) for option in node.options])
    first = later = value(node.value, place)
    is_simple = isinstance(node.value, typed.Variable) or node.value in place.facts.held
    if len(node.options) > 1 and not is_simple:
        first = kept(node.value, first, ZERO, place)
        later = place.facts.held[node.value]
    options = [value(option, place) for option in node.options]
    tests = [Infix("==", later if index else first, option) for index, option in enumerate(options)]
    return either(tests)
