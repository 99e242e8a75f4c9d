# SPDX-License-Identifier: GPL-2.0-only
"""Texts: where each is and how far to look, copied first where reading it could fault; and comparing two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch

from lttng_addon_kit.expression.c.c_tree import (
    ZERO,
    Assignment,
    C,
    Do,
    Identifier,
    NumberLiteral,
    Prefix,
    StringLiteral,
    Subscript,
    TypeCast,
    call,
    number,
    size_of,
)
from lttng_addon_kit.expression.c.compute import compute, lvalue, value
from lttng_addon_kit.expression.c.conditions import negated, truth
from lttng_addon_kit.expression.c.guards import Copy
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.c.reads import text_call
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY
from lttng_addon_kit.expression.typing.text_room import text_room
from lttng_addon_kit.kernel.types import Array, strip


@dataclass(frozen=True)
class PlacedText:
    """A text as C: at most `limit` bytes are looked at, which `bound` says; None where its NUL is sure to come."""

    value: C
    bound: C | None = None
    limit: int = 0


@singledispatch
def text(node: typed.Node, place: Place) -> PlacedText:
    """A text as C."""
    plain = strip(node.type)
    if isinstance(plain, Array):
        array = value(node, place)
        return PlacedText(_characters(array, node), size_of(array), plain.length)
    room = text_room(node)
    if room and not place.body.scope.nofault:
        return PlacedText(value(node, place), number(room), room)
    if place.body.scope.nofault:
        return text(typed.BoundedText(c_types.TEXT, node.span, room or LONGEST_COPY, node, "kernel"), place)
    return PlacedText(_characters(followed(node, place), node))


def _characters(read: C, node: typed.Node) -> C:
    """A pointer to bytes as C's functions on texts take it."""
    target = c_types.pointer(c_types.decayed(node.type))
    is_plain = target is not None and c_types.is_char(target.target)
    return read if is_plain else TypeCast("const char *", read)


@text.register
def _at_hand(node: typed.TextConstant | typed.ParameterValue, place: Place) -> PlacedText:
    return PlacedText(value(node, place))


@text.register
def _bounded(node: typed.BoundedText, place: Place) -> PlacedText:
    if node.space == "user" or place.body.scope.nofault:
        return PlacedText(_copied(node, place))
    pointer = _characters(followed(node.pointer, place), node.pointer)
    return PlacedText(pointer, number(node.limit), node.limit)


@compute.register
def _constant(node: typed.TextConstant, place: Place) -> C:
    return StringLiteral(node.value)


@compute.register
def _whole(node: typed.TextValue, place: Place) -> C:
    return text(node, place).value


@text.register
def _written(node: typed.WrittenText, place: Place) -> PlacedText:
    if node in place.facts.held:
        return PlacedText(place.facts.held[node])
    place.body.runtime_headers.add(node.runtime_header)
    return written(node, node.writer, [value(each, place) for each in node.arguments], place)


def written(node: typed.TextValue, writer: str, arguments: Sequence[C], place: Place) -> PlacedText:
    """What a C function returns that writes a text into a local, which has it from then on."""
    local = Identifier(place.name(node))
    place.body.declare(local.name, Array(c_types.CHAR, node.limit + 1))
    place.facts.held[node] = local
    return PlacedText(call(writer, local, size_of(local), *arguments, writes=True))


@wishes.register
def _name(node: typed.WrittenText) -> tuple[str, ...]:
    return (node.called,)


def same_text(left: typed.Node, right: typed.Node, place: Place) -> C:
    """The test that two texts are the same."""
    place.body.headers.add("linux/string.h")
    if isinstance(left, typed.TextConstant | typed.ParameterValue):
        left, right = right, left
    first = text(left, place)
    if isinstance(right, typed.TextConstant) and not right.value:
        return negated(truth(Subscript(first.value, ZERO)))
    second = text(right, place)
    bounded = [each for each in (first, second) if each.bound is not None]
    bound = min(bounded, key=lambda each: each.limit).bound if bounded else None
    if bound is None:
        return Prefix("!", call("strcmp", first.value, second.value))
    return Prefix("!", call("strncmp", first.value, second.value, bound))


def _copied(node: typed.BoundedText, place: Place) -> C:
    """A local with the text, copied fault-proof."""
    if node in place.facts.held:
        return place.facts.held[node]
    body = place.body
    is_array = isinstance(strip(node.pointer.type), Array)
    source = lvalue(node.pointer, place) if is_array else value(node.pointer, place)
    target = c_types.pointer(c_types.decayed(node.pointer.type))
    if target is None or not c_types.is_char(target.target):
        source = TypeCast(f"const char {'__user ' if node.space == 'user' else ''}*", source)
    local = Identifier(place.name(node))
    body.declare(local.name, Array(c_types.CHAR, node.limit + 1))
    copied = text_call(local, source, size_of(local), body, from_user=node.space == "user")
    emptied = Do(Assignment(Subscript(local, ZERO), NumberLiteral("'\\0'")))
    return place.copy(Copy(node, Prefix("!", copied), emptied), local)
