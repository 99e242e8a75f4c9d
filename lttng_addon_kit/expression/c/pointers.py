# SPDX-License-Identifier: GPL-2.0-only
"""Pointers that are followed: each is loaded and checked once, so that check and use see the same value."""

from __future__ import annotations

from collections.abc import Callable

from lttng_addon_kit.expression.c.c_tree import C
from lttng_addon_kit.expression.c.compute import lvalue, value, zero
from lttng_addon_kit.expression.c.conditions import truth
from lttng_addon_kit.expression.c.guards import Load
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.reads import is_kernel_pointer
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.kernel.types import Array, Struct, strip


def followed(pointer: typed.Node, place: Place) -> C:
    """A pointer that is not NULL once the steps are done."""
    facts = place.facts
    match pointer:
        case typed.Node() if pointer in facts.held:
            return _checked(pointer, place)
        case typed.Conversion() if c_types.pointer(c_types.decayed(pointer.operand.type)):
            _follow_first(pointer.operand, place)
            return value(pointer, place)
        case typed.Arithmetic():
            _follow_first(pointer.left, place)
            return value(pointer, place)
        case typed.AddressOf() | typed.KernelValue() | typed.PerCpuAddress():
            return value(pointer, place)
        case typed.FunctionValue(never_null=what) if what:
            return value(pointer, place)
        case typed.UserAddress():
            return _user_address(pointer, place)
    if isinstance(strip(pointer.type), Array):
        return lvalue(pointer, place)
    if isinstance(pointer, typed.Variable):
        return _checked(pointer, place)
    computed = value(pointer, place)
    if pointer in facts.held:
        # Copied fault-proof, or kept for other uses, just now.
        return _checked(pointer, place)
    return _loaded(pointer, computed, place)


def nonzero(node: typed.Node, place: Place) -> C:
    """A number that is not 0 once the steps are done."""
    computed = value(node, place)
    if node in place.facts.known:
        return computed
    if not isinstance(node, typed.Variable) and node not in place.facts.held:
        return _loaded(node, computed, place)
    place.check(truth(computed))
    place.facts.learn(node)
    return computed


def is_struct_cast(node: typed.Node) -> bool:
    """Whether a pointer is seen as one to another struct: kernel code has a variable for that."""
    if not isinstance(node, typed.Conversion) or c_types.pointer(c_types.decayed(node.operand.type)) is None:
        return False
    target = c_types.pointer(node.type)
    return target is not None and isinstance(strip(target.target), Struct)


def _checked(pointer: typed.Node, place: Place) -> C:
    """A pointer that C has a name for already; a fault-proof copy from NULL fails by itself."""
    computed = value(pointer, place)
    is_derived = isinstance(pointer, typed.FunctionValue | typed.Arithmetic) or is_struct_cast(pointer)
    if pointer not in place.facts.known and not is_derived and not place.body.scope.nofault:
        place.check(_points_to_kernel(pointer, place)(computed))
        place.facts.learn(pointer)
    return computed


def _user_address(node: typed.UserAddress, place: Place) -> C:
    """An address in user space that is not NULL: whether it can be read shows when that is tried."""
    computed = value(node.pointer, place)
    if not isinstance(node.pointer, typed.Variable) and node.pointer not in place.facts.held:
        return _loaded(node, computed, place)
    # Only the test is learnt: read without user(), the same pointer wants another one.
    place.check(truth(computed))
    return computed


def _points_to_kernel(pointer: typed.Node, place: Place) -> Callable[[C], C]:
    """What makes the test that a pointer may be followed."""
    is_trusted = place.body.scope.trusted or not isinstance(pointer, typed.Variable)
    if is_trusted and not isinstance(pointer, typed.Conversion):
        return truth
    return lambda tested: is_kernel_pointer(tested, place.body)


def _follow_first(pointer: typed.Node, place: Place) -> None:
    """See that a pointer that another is computed from is not NULL."""
    if not isinstance(pointer, typed.Constant):
        followed(pointer, place)


def _loaded(node: typed.Node, computed: C, place: Place) -> C:
    local = place.local(node, computed)
    check = _points_to_kernel(node, place) if c_types.pointer(node.type) is not None else truth
    place.load(Load(node, local, computed, zero(node.type), check))
    place.facts.implied[node] = frozenset(place.facts.known)
    place.facts.learn(node)
    return local
