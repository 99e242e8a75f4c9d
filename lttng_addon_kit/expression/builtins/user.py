# SPDX-License-Identifier: GPL-2.0-only
"""user(pointer): a pointer that leads to user space, whose memory is read by copies that can't fault."""

from __future__ import annotations

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.expression.typing.user_memory import is_user_address
from lttng_addon_kit.kernel.types import USER_SPACE, Pointer, untagged


def user_address(pointer: typed.Node) -> typed.Node:
    """The pointer, as one to user space.

    Raises:
        ExpressionError: it is none, or leads to the kernel's memory for sure.
    """
    found = c_types.pointer(pointer.type)
    if found is None or isinstance(pointer, typed.TextConstant):
        raise ExpressionError(
            f"user takes a pointer, but this is {c_types.words(pointer.type)}",
            pointer.span,
            hint="cast it: user((struct foo *)x)" if c_types.number(pointer.type) else "",
        )
    if is_user_address(pointer):
        return pointer
    if what := c_types.never_null(pointer):
        raise ExpressionError(f"{what} is in the kernel's memory, not in user space", pointer.span)
    return typed.UserAddress(Pointer(untagged(found.target, USER_SPACE)), pointer.span, pointer)


def _give(use: Use) -> typed.Node:
    return user_address(use.arguments[0])


FUNCTIONS = (LanguageFunction("user(pointer)", 1, 1, _give),)
