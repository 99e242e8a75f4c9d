# SPDX-License-Identifier: GPL-2.0-only
"""ksym(address[, max]): the name of what is at an address in the kernel's code or data."""

from __future__ import annotations

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import is_address, shown
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY

_USUAL = 63


def _give(use: Use) -> typed.Node:
    address = use.arguments[0]
    number = c_types.number(address.type)
    is_number = number is not None and number.size == c_types.UNSIGNED_LONG.size
    if isinstance(address, typed.TextConstant | typed.TextValue) or not (is_number or is_address(address)):
        raise ExpressionError(f"ksym takes an address, but this is {shown(address)}", address.span)
    limit = limit_of(use.arguments[1], LONGEST_COPY, "max") if len(use.arguments) == 2 else _USUAL
    as_number = address if number else typed.Conversion(c_types.UNSIGNED_LONG, address.span, address)
    return typed.WrittenText(
        c_types.TEXT, use.span, limit, "ksym", "lttng_addon_ksym", "lttng-addon-ksym.h", (as_number,)
    )


FUNCTIONS = (LanguageFunction("ksym(address[, max])", 1, 2, _give),)
