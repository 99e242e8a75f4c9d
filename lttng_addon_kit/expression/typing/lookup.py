# SPDX-License-Identifier: GPL-2.0-only
"""Tables that user space writes: `table[key]` and `key in table`."""

from __future__ import annotations

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_text_ends, listed, shown
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.scope import Lookup, Scope
from lttng_addon_kit.kernel.types import Array, Integer, strip


def table(name: syntax.Name, scope: Scope) -> Lookup | None:
    """The table of that name, if there is one.

    Raises:
        ExpressionError: the hook has an argument of that name, too.
    """
    found = scope.tables.get(name.name)
    if found is not None and name.name in scope.variables:
        raise ExpressionError(
            f"'{name.name}' is a [[table]], and an argument of this hook", name.span, hint="rename the table"
        )
    return found


def value(node: syntax.Index, name: syntax.Name, found: Lookup, key: typed.Node) -> typed.Node:
    """`table[key]`.

    Raises:
        ExpressionError: the table has no such keys.
    """
    _check_key(key, name.name, found)
    return typed.TableValue(found.value, node.span, name.name, key)


def membership(node: syntax.Membership, key: typed.Node, scope: Scope) -> typed.Node:
    """`key in table`.

    Raises:
        ExpressionError: there is no such table, or it has no such keys.
    """
    name = node.table
    found = table(name, scope) if isinstance(name, syntax.Name) else None
    if found is None or not isinstance(name, syntax.Name):
        known = nearest(name.name, scope.tables) if isinstance(name, syntax.Name) else ""
        hint = known or listed("there is", scope.tables) or "one_of(x, a, b) compares with some constants"
        raise ExpressionError("'in' needs a [[table]] on its right", name.span, hint=hint)
    if isinstance(key, typed.Not):
        raise ExpressionError(
            "'!' binds tighter than 'in': this is no key", key.span, hint=f"write !(key in {name.name})"
        )
    _check_key(key, name.name, found)
    return typed.HasKey(c_types.BOOL, node.span, name.name, key)


def _check_key(key: typed.Node, name: str, found: Lookup) -> None:
    wanted = strip(found.key)
    if isinstance(wanted, Array):
        _check_text(key, name, wanted)
        return
    assert isinstance(wanted, Integer)
    number = c_types.number(key.type)
    if number is None or c_types.is_text(key):
        is_pointer = c_types.pointer(key.type) is not None and not c_types.is_text(key)
        raise ExpressionError(
            f"the keys of {name} are numbers ({c_types.words(found.key)}), but this is {shown(key)}",
            key.span,
            hint="a pointer's value is (unsigned long)pointer" if is_pointer else "",
        )
    constant = constant_value(key)
    if constant is not None:
        if not _fits(constant, wanted):
            raise ExpressionError(f"{constant} is no {c_types.words(found.key)}, as the keys of {name} are", key.span)
    elif number.size > wanted.size:
        type_ = c_types.words(found.key)
        raise ExpressionError(
            f"{shown(key)} is wider than the keys of {name} ({type_}): some would be taken for others",
            key.span,
            hint=f"write ({type_})(...) if that is meant, or give the table a wider key",
        )


def _fits(constant: int, wanted: Integer) -> bool:
    bits = 8 * wanted.size
    return -(1 << bits - 1) <= constant < 1 << bits - 1 if wanted.signed else 0 <= constant < 1 << bits


def _check_text(key: typed.Node, name: str, wanted: Array) -> None:
    if not c_types.may_be_text(key):
        raise ExpressionError(
            f"the keys of {name} are texts ({c_types.words(wanted)}), but this is {shown(key)}", key.span
        )
    check_text_ends(key)
    if isinstance(key, typed.TextConstant) and len(key.value) > wanted.length:
        raise ExpressionError(
            f"this text of {len(key.value)} characters is longer than a key of {name} ({c_types.words(wanted)})",
            key.span,
        )
