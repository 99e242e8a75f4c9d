"""Texts: where each is and how far to look, copied first where reading it could fault; and comparing two of them."""

from __future__ import annotations

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
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY
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
        return PlacedText(array, size_of(array), plain.length)
    if place.body.scope.nofault:
        return text(typed.BoundedText(c_types.TEXT, node.span, node, LONGEST_COPY, "kernel"), place)
    return PlacedText(followed(node, place))


@text.register
def _at_hand(node: typed.TextConstant | typed.ParameterValue, place: Place) -> PlacedText:
    return PlacedText(value(node, place))


@text.register
def _bounded(node: typed.BoundedText, place: Place) -> PlacedText:
    if node.space == "user" or place.body.scope.nofault:
        return PlacedText(_copied(node, place))
    pointer = followed(node.pointer, place)
    if not c_types.is_text(node.pointer):
        pointer = TypeCast("const char *", pointer)
    return PlacedText(pointer, number(node.limit), node.limit)


@compute.register
def _constant(node: typed.TextConstant, place: Place) -> C:
    return StringLiteral(node.value)


@compute.register
def _whole(node: typed.BoundedText, place: Place) -> C:
    return text(node, place).value


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
    body.headers.update(("linux/uaccess.h", "linux/mm.h", "linux/minmax.h", "linux/string.h"))
    is_array = isinstance(strip(node.pointer.type), Array)
    source = lvalue(node.pointer, place) if is_array else value(node.pointer, place)
    if not c_types.is_text(node.pointer):
        source = TypeCast(f"const char {'__user ' if node.space == 'user' else ''}*", source)
    local = Identifier(place.name(node))
    body.declare(local.name, Array(c_types.CHAR, node.limit + 1))
    function = "nofault_text" if node.space == "kernel" else "nofault_user_text"
    body.helpers.add(function)
    copied = call(function, local, source, size_of(local), writes=True)
    emptied = Do(Assignment(Subscript(local, ZERO), NumberLiteral("'\\0'")))
    return place.copy(Copy(node, Prefix("!", copied), emptied), local)
