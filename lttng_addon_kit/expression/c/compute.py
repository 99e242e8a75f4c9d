"""Typed expressions -> C expressions: the functions that every kind of node has its own version of.

Each is defined for its kinds where these are written (operations.py, memory.py, text.py, tests.py, builtins/); here is
what holds for all of them.
"""

from __future__ import annotations

from functools import singledispatch

from lttng_addon_kit.expression.c.c_tree import NULL, ZERO, C
from lttng_addon_kit.expression.c.guards import Load
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.kernel.types import Array, Struct, Type, strip


def value(node: typed.Node, place: Place) -> C:
    """The C that computes a node, once the place's steps are done."""
    facts = place.facts
    if node in facts.held:
        for condition in facts.conditions.get(node, ()):
            place.check(condition)
        return facts.held[node]
    computed = compute(node, place)
    if not is_kept_for_later(node, place):
        return computed
    return place.load(Load(node, place.local(node, computed), computed, zero(node.type)))


@singledispatch
def compute(node: typed.Node, place: Place) -> C:
    """The C that computes a node where no local has its value."""
    raise AssertionError(f"a {type(node).__name__} has no value of its own")


@singledispatch
def lvalue(node: typed.Node, place: Place) -> C:
    """What is in memory, by its name there: nothing is read but pointers on the way."""
    return value(node, place)


@singledispatch
def is_costly(node: typed.Node) -> bool:
    """Whether a value that is needed again is kept, since it costs something to get."""
    return False


def decayed(node: typed.Node, place: Place) -> C:
    """A value; of an array its address, where it is: not that of a copy."""
    if isinstance(strip(node.type), Array) and not isinstance(node, typed.Choice):
        return lvalue(node, place)
    return value(node, place)


def zero(type_: Type) -> C:
    """What a value is that can't be computed."""
    return NULL if c_types.pointer(c_types.decayed(type_)) else ZERO


def complete(pointer: Type, place: Place) -> None:
    """See that C knows the size of what a pointer points to."""
    target = c_types.pointer(pointer)
    if target is not None and isinstance(strip(target.target), Struct):
        place.body.layouts.whole(target.target)


def is_kept_for_later(node: typed.Node, place: Place) -> bool:
    """Whether a local is to hold a value, since it is needed again."""
    return is_costly(node) and place.body.repeats(node) and not place.facts.inline and constant_value(node) is None
