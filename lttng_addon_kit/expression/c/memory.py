# SPDX-License-Identifier: GPL-2.0-only
"""What is in memory: members, elements and what pointers point to, read directly or by a copy that can't fault."""

from __future__ import annotations

from lttng_addon_kit.expression.c.c_tree import (
    ZERO,
    C,
    Do,
    Identifier,
    Infix,
    MemberAccess,
    NumberLiteral,
    Prefix,
    Subscript,
    TypeCast,
    address_of,
    assign,
    call,
    number,
    size_of,
)
from lttng_addon_kit.expression.c.compute import complete, compute, lvalue, value, zero
from lttng_addon_kit.expression.c.guards import Copy, Load
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.c.reads import read_call
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.user_memory import is_in_user_space
from lttng_addon_kit.kernel.types import Array, strip


@compute.register
def _read(node: typed.MemberRead | typed.Element | typed.Dereference, place: Place) -> C:
    read = lvalue(node, place)
    return _copied(node, read, place) if is_copied(node, place) else read


@compute.register
def _address(node: typed.AddressOf, place: Place) -> C:
    return address_of(lvalue(node.operand, place))


@lvalue.register
def _member(node: typed.MemberRead, place: Place) -> C:
    place.body.layouts.read(node)
    if not node.through_pointer:
        if isinstance(node.base, typed.Dereference) and isinstance(node.base.pointer, typed.PerCpuAddress):
            return MemberAccess(value(node.base.pointer, place), "->", node.name)
        return MemberAccess(lvalue(node.base, place), ".", node.name)
    if isinstance(node.base, typed.AddressOf):
        return MemberAccess(lvalue(node.base.operand, place), ".", node.name)
    return MemberAccess(followed(node.base, place), "->", node.name)


@compute.register
def _percpu_address(node: typed.PerCpuAddress, place: Place) -> C:
    place.body.headers.add("linux/percpu.h")
    place.body.declare_percpu(node)
    return call("raw_cpu_ptr", Prefix("&", Identifier(node.name)))


@lvalue.register
def _pointed(node: typed.Dereference, place: Place) -> C:
    if isinstance(node.pointer, typed.AddressOf):
        return lvalue(node.pointer.operand, place)
    return Prefix("*", followed(node.pointer, place))


@lvalue.register
def _element(node: typed.Element, place: Place) -> C:
    if isinstance(strip(node.base.type), Array):
        base = lvalue(node.base, place)
    else:
        base = followed(node.base, place)
        complete(node.base.type, place)
    index = value(node.index, place)
    bound = (node.index, node.length)
    if node.length is not None and constant_value(node.index) is None and bound not in place.facts.known:
        index = _within_bound(node, base, index, place)
        place.facts.learn(bound)
    return Subscript(base, index)


def _within_bound(node: typed.Element, base: C, index: C, place: Place) -> C:
    # A negative index is a huge one where it is compared with the unsigned size.
    place.body.headers.add("linux/kernel.h")
    size = call("ARRAY_SIZE", base)
    if isinstance(node.index, typed.Variable) or node.index in place.facts.held:
        place.check(Infix("<", index, size))
        return index
    local = place.local(node.index, index)
    if place.facts.inline:
        return place.load(Load(node.index, local, index, ZERO, lambda loaded: Infix("<", loaded, size)))
    place.load(Load(node.index, local, index, ZERO))
    place.check(Infix("<", local, size))
    return local


def is_behind_pointer(node: typed.Node) -> bool:
    """Whether something in memory is reached through a pointer."""
    match node:
        case typed.MemberRead():
            return node.through_pointer or is_behind_pointer(node.base)
        case typed.Element():
            return node.length is None or is_behind_pointer(node.base)
        case typed.Dereference():
            return True
    return False


def is_copied(node: typed.Node, place: Place) -> bool:
    """Whether something in memory is read by a copy: it is in user space, or reads must not fault."""
    return is_in_user_space(node) or (place.body.scope.nofault and is_behind_pointer(node))


def copy_to_local(node: typed.Node, local: Identifier, source: C, place: Place, *, from_user: bool) -> C:
    """Copy fault-proof into a local, or where that fails fill it with zeros."""
    is_array = isinstance(strip(node.type), Array)
    target = local if is_array else Prefix("&", local)
    copied = read_call(target, source, size_of(local), place.body, from_user=from_user)
    cleared = Do(call("memset", local, ZERO, size_of(local))) if is_array else assign(local.name, zero(node.type))
    return place.copy(Copy(node, Prefix("!", copied), cleared), local)


def _copied(node: typed.Node, read: C, place: Place) -> C:
    """A local that gets what is in memory by a copy that fails where a read would fault."""
    if isinstance(node, typed.MemberRead) and node.bit_size:
        return _copied_bits(node, place)
    local = place.local(node, read)
    source = read if isinstance(strip(node.type), Array) else address_of(read)
    if c_types.is_volatile(node.type):  # a copy can't keep what that says
        source = TypeCast("const void *", source)
    return copy_to_local(node, local, source, place, from_user=is_in_user_space(node))


def _copied_bits(node: typed.MemberRead, place: Place) -> C:
    """A bit field has no address: the bytes that hold it are copied, at its place in this kernel."""
    first, last = node.bit_offset // 8, (node.bit_offset + node.bit_size - 1) // 8
    size = next(width for width in (1, 2, 4, 8) if width > last - first)
    local = Identifier(place.name(node))
    place.body.declare(local.name, c_types.UNSIGNED_BY_SIZE[size], size)
    source = Infix("+", TypeCast("const char *", _struct_address(node, place)), number(first))
    copied = read_call(Prefix("&", local), source, size_of(local), place.body, from_user=is_in_user_space(node))
    bits = _bits(node, local, node.bit_offset - 8 * first, place)
    return place.copy(Copy(node, Prefix("!", copied), assign(local.name, ZERO)), bits)


def _bits(node: typed.MemberRead, word: C, shift: int, place: Place) -> C:
    """A bit field's value out of the word that it is in."""
    shifted = Infix(">>", word, number(shift)) if shift else word
    plain = c_types.number(node.type)
    if plain is not None and plain.signed:
        place.body.headers.add("linux/bitops.h")
        return call("sign_extend64", shifted, number(node.bit_size - 1))
    return Infix("&", shifted, NumberLiteral(hex((1 << node.bit_size) - 1)))


def _struct_address(node: typed.MemberRead, place: Place) -> C:
    """The address of the struct that a member is in."""
    if node.through_pointer:
        return followed(node.base, place)
    return Prefix("&", lvalue(node.base, place))
