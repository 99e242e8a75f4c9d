"""Conversions between the network's byte order and the machine's."""

from __future__ import annotations

from collections.abc import Callable

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.kernel.types import Type


def _converting(function: str, size: int, result: Type) -> Callable[[Use], typed.Node]:
    def give(use: Use) -> typed.Node:
        (value,) = use.arguments
        plain = c_types.number(value.type)
        if plain is None or (plain.size != size and constant_value(value) is None):
            raise ExpressionError(
                f"{function} takes an integer of {8 * size} bits, but this is {c_types.words(value.type)}", value.span
            )
        return typed.FunctionResult(result, use.span, function, use.arguments, "asm/byteorder.h")

    return give


FUNCTIONS = (
    LanguageFunction("ntohs(x)", 1, 1, _converting("ntohs", 2, c_types.U16)),
    LanguageFunction("ntohl(x)", 1, 1, _converting("ntohl", 4, c_types.U32)),
    LanguageFunction("htons(x)", 1, 1, _converting("htons", 2, c_types.BE16)),
    LanguageFunction("htonl(x)", 1, 1, _converting("htonl", 4, c_types.BE32)),
    LanguageFunction("be64(x)", 1, 1, _converting("be64_to_cpu", 8, c_types.U64)),
)
