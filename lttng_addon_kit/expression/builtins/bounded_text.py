# SPDX-License-Identifier: GPL-2.0-only
"""text(pointer, max) and user_text(pointer, max): texts that end after so many bytes, if not before."""

from __future__ import annotations

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_in_kernel
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY, LONGEST_TEXT
from lttng_addon_kit.kernel.types import Pointer, strip


def _text(use: Use) -> typed.Node:
    value, limit = use.arguments
    plain = strip(c_types.decayed(value.type))
    element = c_types.number(plain.target) if isinstance(plain, Pointer) else None
    if element is None or element.size != 1:
        raise ExpressionError(
            f"text takes a pointer to characters or bytes, but this is {c_types.words(value.type)}", value.span
        )
    check_in_kernel(value, "use user_text")
    most = LONGEST_COPY if use.scope.nofault else LONGEST_TEXT
    return typed.BoundedText(c_types.TEXT, use.span, limit_of(limit, most, "max"), value, "kernel")


def _user_text(use: Use) -> typed.Node:
    value, limit = use.arguments
    if c_types.pointer(value.type) is None:
        raise ExpressionError(f"user_text takes a pointer, but this is {c_types.words(value.type)}", value.span)
    return typed.BoundedText(c_types.TEXT, use.span, limit_of(limit, LONGEST_COPY, "max"), value, "user")


FUNCTIONS = (
    LanguageFunction("text(pointer, max)", 2, 2, _text),
    LanguageFunction("user_text(pointer, max)", 2, 2, _user_text),
)
