# SPDX-License-Identifier: GPL-2.0-only
"""container_of(pointer, struct type, member): the struct that a member is in."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.c.c_tree import C, Identifier, call
from lttng_addon_kit.expression.c.compute import compute, is_costly
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_in_kernel, member_names
from lttng_addon_kit.expression.typing.operators import same_target
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.expression.typing.type_names import find_type
from lttng_addon_kit.kernel.types import Pointer, Struct, Type, strip


@dataclass(frozen=True)
class Container(typed.FunctionValue):
    """The struct in which `pointer` points to the member at `path`."""

    never_null = "what container_of gives"

    pointer: typed.Node
    owner: Struct
    path: tuple[str, ...]


def container_of(node: syntax.ContainerOf, pointer: typed.Node, scope: Scope) -> typed.Node:
    """The typed node for one use.

    Raises:
        ExpressionError: there is no such member, or the pointer is one to something else.
    """
    owner = find_type(node.type, scope.kernel)
    if c_types.pointer(pointer.type) is None:
        raise ExpressionError(f"container_of takes a pointer, but this is {c_types.words(pointer.type)}", pointer.span)
    check_in_kernel(pointer, "container_of works on the kernel's own structs")
    assert isinstance(owner, Struct)
    inside = owner
    member: Type = owner
    for step in node.path:
        found = scope.kernel.member(inside, step.name)
        if found is None:
            raise ExpressionError(
                f"{c_types.words(inside)} has no member '{step.name}'",
                step.span,
                hint=nearest(step.name, member_names(inside, scope.kernel)),
            )
        member = found.type
        plain = strip(member)
        inside = plain if isinstance(plain, Struct) else inside
    if not same_target(pointer.type, Pointer(member)):
        raise ExpressionError(
            f"the pointer is {c_types.words(pointer.type)}, but the member is {c_types.words(member)}", pointer.span
        )
    return Container(Pointer(owner), node.span, pointer, owner, tuple(step.name for step in node.path))


@compute.register
def _compute(node: Container, place: Place) -> C:
    place.body.headers.add("linux/kernel.h")
    place.body.layouts.contains(node.owner, node.path, node.span)
    pointer = followed(node.pointer, place)
    owner = Identifier(f"{node.owner.kind} {node.owner.name}")
    return call("container_of", pointer, owner, Identifier(".".join(node.path)))


@is_costly.register
def _costs(node: Container) -> bool:
    return True


@wishes.register
def _name(node: Container) -> tuple[str, ...]:
    return (node.owner.name,)
