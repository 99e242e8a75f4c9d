# SPDX-License-Identifier: GPL-2.0-only
"""startswith(text, prefix)"""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C, call
from lttng_addon_kit.expression.c.compute import value
from lttng_addon_kit.expression.c.outcomes import test_of
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.texts import text
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_text_ends, check_text_fits
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use


@dataclass(frozen=True)
class StartsWith(typed.TestValue):
    """Whether a text begins with another, which is a constant or a parameter."""

    takes_texts = True

    text: typed.Node
    prefix: typed.Node


def _give(use: Use) -> typed.Node:
    whole, prefix = use.arguments
    if not c_types.may_be_text(whole):
        raise ExpressionError(f"startswith takes texts, but this is {c_types.words(whole.type)}", whole.span)
    is_parameter = isinstance(prefix, typed.ParameterValue) and c_types.is_text(prefix)
    if not isinstance(prefix, typed.TextConstant) and not is_parameter:
        raise ExpressionError('a prefix is a text like "eth" or a text parameter', prefix.span)
    check_text_ends(whole)
    check_text_fits(whole, prefix, "begin with")
    return StartsWith(c_types.BOOL, use.span, whole, prefix)


FUNCTIONS = (LanguageFunction("startswith(text, prefix)", 2, 2, _give),)


@test_of.register
def _test(node: StartsWith, place: Place) -> C:
    place.body.headers.add("linux/string.h")
    whole = text(node.text, place)
    prefix = value(node.prefix, place)
    if isinstance(node.prefix, typed.ParameterValue) and whole.bound is not None:
        place.body.helpers.add("bounded_starts")
        return call("bounded_starts", whole.value, whole.bound, prefix)
    return call("strstarts", whole.value, prefix)
