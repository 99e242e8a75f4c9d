# SPDX-License-Identifier: GPL-2.0-only
"""Members and elements: `->`, `.` and `[]`."""

from __future__ import annotations

from dataclasses import replace

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import (
    check_followed,
    check_length,
    check_number,
    listed,
    member_names,
    pointed_value,
)
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.expression.typing.scope import Scope, StructKind
from lttng_addon_kit.expression.typing.user_memory import as_read
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Array, Forward, Qualified, Struct, Type, Void, strip


def member(node: syntax.Access, base: typed.Node, scope: Scope) -> typed.Node:
    """A member of a struct, or of what a pointer to one points to.

    Raises:
        ExpressionError: there is no such member, or no struct to look for it in.
    """
    kernel = scope.kernel
    struct = _struct_of(base, node, scope)
    found = kernel.member(struct, node.name)
    if found is None and (path := _macro_path(node, struct, kernel)):
        for index, step in enumerate(path):
            base = member(replace(node, name=step, operator="." if index else node.operator), base, scope)
        return base
    if found is None:
        names = member_names(struct, kernel)
        hint = nearest(node.name, names) or listed("it has", names)
        raise ExpressionError(f"{c_types.words(struct)} has no member '{node.name}'", node.name_span, hint=hint)
    if isinstance(base, typed.Variable) and node.operator == "->" and not _can_name(struct, base.type, kernel):
        raise ExpressionError(
            f"this points to an unnamed struct ({c_types.words(base.type)}), which a module cannot refer to",
            node.base.span,
            hint="the pointer itself can be a field",
        )
    is_followed = node.operator == "->"
    return as_read(
        typed.MemberRead(found.type, node.span, base, struct, node.name, is_followed, found.bit_offset, found.bit_size)
    )


def element(node: syntax.Index, base: typed.Node, index: typed.Node, scope: Scope) -> typed.Node:
    """An element of an array, or of what a pointer points to.

    Raises:
        ExpressionError: it has no elements, or not one of this number.
    """
    if isinstance(strip(base.type), Array):
        return array_element(base, index, node.span, scope)
    check_number(index, "an index", scope.kernel)
    if c_types.pointer(base.type) is None:
        raise ExpressionError(
            f"'[]' needs an array or a pointer, but this is {c_types.words(base.type)}", node.base.span
        )
    check_followed(base)
    return as_read(typed.Element(pointed_value(base), node.span, base, index, None))


def array_element(array: typed.Node, index: typed.Node, span: Span, scope: Scope) -> typed.Node:
    """An element of an array.

    Raises:
        ExpressionError: it has none of this number, or does not say how many it has.
    """
    check_number(index, "an index", scope.kernel)
    plain = strip(array.type)
    assert isinstance(plain, Array)
    check_length(array, scope)
    value = constant_value(index)
    if plain.length and value is not None and not 0 <= value < plain.length:
        raise ExpressionError(
            f"{c_types.words(array.type)} has no element {value}, only 0 to {plain.length - 1}", index.span
        )
    return as_read(typed.Element(plain.element, span, array, index, plain.length or None))


def _macro_path(node: syntax.Access, struct: Struct, kernel: Kernel) -> tuple[str, ...]:
    """The members that a macro stands for, as sk_family does (include/net/sock.h); () if it is none of the struct's."""
    macro = kernel.macro(node.name)
    path = macro.members if macro else ()
    return path if path and kernel.member(struct, path[0]) else ()


def _can_name(struct: Struct, pointer: Type, kernel: Kernel) -> bool:
    """Whether C knows a pointer's target: by the struct's name, or by a typedef that a public header has."""
    found = c_types.pointer(c_types.decayed(pointer))
    target: Type = found.target if found else pointer
    while isinstance(target, Qualified):
        target = target.target
    return bool(struct.name) or Declarations(kernel).knows_by_typedef(target)


def _struct_of(base: typed.Node, node: syntax.Access, scope: Scope) -> Struct:
    """The struct in which a member is looked for."""
    plain = strip(base.type)
    if node.operator == ".":
        if c_types.pointer(base.type):
            raise ExpressionError(
                f"this is a pointer ({c_types.words(base.type)})", node.operator_span, hint="write '->' for '.'"
            )
        return _complete(plain, base, node, scope.kernel)
    if isinstance(plain, Struct):
        raise ExpressionError(
            f"this is a {c_types.words(base.type)} itself, not a pointer", node.operator_span, hint="write '.' for '->'"
        )
    pointer = c_types.pointer(c_types.decayed(base.type))
    if pointer is None:
        raise ExpressionError(
            f"'->' needs a pointer to a struct, but this is {c_types.words(base.type)}", node.base.span
        )
    check_followed(base)
    check_length(base, scope)
    return _complete(strip(pointer.target), base, node, scope.kernel)


def _complete(plain: Type, base: typed.Node, node: syntax.Access, kernel: Kernel) -> Struct:
    if isinstance(plain, Struct):
        return plain
    if isinstance(plain, Forward) and plain.kind != "enum":
        kind: StructKind = "struct" if plain.kind == "struct" else "union"
        if found := kernel.find_struct(kind, plain.name):
            return found
        raise ExpressionError(f"this kernel's types don't say what is in {c_types.words(plain)}", node.base.span)
    hint = "cast it to what it points to: ((struct foo *)x)->member" if isinstance(plain, Void) else ""
    raise ExpressionError(
        f"'{node.operator}' needs a struct, but this is {c_types.words(base.type)}", node.base.span, hint=hint
    )
