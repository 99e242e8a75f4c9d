# SPDX-License-Identifier: GPL-2.0-only
"""Tables that user space writes, read: the functions of runtime/lttng-addons-lookup.h, called."""

from __future__ import annotations

from lttng_addon_kit.expression.c.c_tree import C, Identifier, Prefix, TypeCast, call, number
from lttng_addon_kit.expression.c.compute import compute, is_costly
from lttng_addon_kit.expression.c.compute import value as value_of
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.outcomes import test_of
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.texts import text
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.kernel.types import Array, Integer, Type, strip


@compute.register
def _value(node: typed.TableValue, place: Place) -> C:
    read = _looked_up("get", node, place)
    return read if node.type == c_types.U64 else TypeCast(place.body.type_name(node.type), read)


@is_costly.register
def _costs_a_search(node: typed.TableValue) -> bool:
    return True


@wishes.register
def _name(node: typed.TableValue) -> tuple[str, ...]:
    return (f"{node.table}_value",)


@test_of.register
def _test(node: typed.HasKey, place: Place) -> C:
    return _looked_up("has", node, place)


def _looked_up(what: str, node: typed.TableValue | typed.HasKey, place: Place) -> C:
    table = place.body.scope.tables[node.table]
    key = strip(table.key)
    address = Prefix("&", Identifier(table.c_name))
    if isinstance(key, Array):
        return call(f"lttng_addons_{what}_text", address, *_text_key(node.key, key, place))
    assert isinstance(key, Integer)
    return call(f"lttng_addons_{what}", address, _number_key(node.key, table.key, place))


def _text_key(node: typed.Node, key: Array, place: Place) -> tuple[C, C]:
    """A text, and how far to look for its end: one byte more than a key has, which tells a text that is longer."""
    placed = text(node, place)
    return placed.value, number(min(placed.limit or key.length + 1, key.length + 1))


def _number_key(node: typed.Node, type_: Type, place: Place) -> C:
    """A number as the key's type, from which it is extended to 64 bits as the table's keys are."""
    wanted, given = c_types.number(type_), c_types.number(node.type)
    assert wanted is not None and given is not None
    key = value_of(node, place)
    keeps_sign = wanted.signed == given.signed or constant_value(node) is not None
    return key if keeps_sign or wanted.size == 8 else TypeCast(place.body.type_name(type_), key)
