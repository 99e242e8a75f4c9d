# SPDX-License-Identifier: GPL-2.0-only
"""ip4(), ip6() and mac(): addresses of a network, shown as such in a trace."""

from __future__ import annotations

from collections.abc import Callable

from lttng_addon_kit.expression.fields.address_field import (
    IP4,
    IP6,
    MAC,
    AddressField,
    AddressForm,
    AddressValue,
    LongAddressField,
    ShortAddressField,
)
from lttng_addon_kit.expression.fields.field_table import kind_of
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_followed
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Pointer, Struct, Type, strip


def _ip4(use: Use) -> typed.Node:
    (value,) = use.arguments
    plain = strip(value.type)
    if isinstance(plain, Struct) and plain.name == IP4.struct:
        found = use.scope.kernel.member(plain, "s_addr")
        if found is not None:
            value = typed.MemberRead(found.type, value.span, value, plain, "s_addr", False, found.bit_offset, 0)
    number = c_types.number(value.type)
    if number is None or number.size != IP4.size:
        raise ExpressionError(
            f"ip4 takes 32 bits in network order (__be32) or a struct in_addr, but this is {c_types.words(value.type)}",
            value.span,
        )
    return AddressValue(c_types.BE32, use.span, IP4, value)


def _pointing(form: AddressForm) -> Callable[[Use], typed.Node]:
    wanted = f"{form.rendering} takes " + (f"a struct {form.struct}, or " if form.struct else "")
    wanted += f"an array of {form.size} bytes, or a pointer to such"

    def give(use: Use) -> typed.Node:
        (value,) = use.arguments
        plain = strip(value.type)
        if isinstance(plain, Struct) and plain.name == form.struct:
            value = typed.AddressOf(Pointer(value.type), value.span, value)
        elif not _holds_bytes(plain, form):
            raise ExpressionError(f"{wanted}; this is {c_types.words(value.type)}", value.span)
        check_followed(value)
        return AddressValue(Array(c_types.U8, form.size), use.span, form, value)

    return give


def _holds_bytes(plain: Type, form: AddressForm) -> bool:
    if isinstance(plain, Array):
        element = c_types.number(plain.element)
        return element is not None and element.size == 1 and plain.length >= form.size
    if not isinstance(plain, Pointer):
        return False
    target = strip(plain.target)
    if isinstance(target, Struct):
        return target.name == form.struct
    element = c_types.number(target)
    return element is not None and element.size == 1


FUNCTIONS = (
    LanguageFunction("ip4(x)", 1, 1, _ip4),
    LanguageFunction("ip6(x)", 1, 1, _pointing(IP6)),
    LanguageFunction("mac(x)", 1, 1, _pointing(MAC)),
)


@kind_of.register
def _kind(node: AddressValue, scope: Scope) -> AddressField:
    return ShortAddressField(node.form) if node.form == IP4 else LongAddressField(node.form)
