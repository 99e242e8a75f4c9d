# SPDX-License-Identifier: GPL-2.0-only
"""What a use asks of an operand: a number, a text, a condition, a pointer that may be followed."""

from __future__ import annotations

from collections.abc import Iterable

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.ranges import certain
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.expression.typing.text_room import text_room
from lttng_addon_kit.expression.typing.user_memory import (
    holds_user_address,
    is_user_address,
    leads_to_user_space,
)
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Array, Forward, Function, Integer, Pointer, Struct, Type, Void, strip

_USER_READS = "read it there by user(pointer)->member, user(pointer)[index], user_text() or user_bytes()"


def check_truth(node: typed.Node, kernel: Kernel) -> None:
    """Refuse what is neither true nor false.

    Raises:
        ExpressionError: it is always true, or no number and no pointer.
    """
    if what := c_types.never_null(node):
        hint = 'compare it, as in name == "lo"' if c_types.is_text(node) else ""
        raise ExpressionError(f"{what} is always true", node.span, hint=hint)
    if not (c_types.number(node.type) or c_types.pointer(node.type)):
        raise _not_a_number("a condition", node, kernel)
    if c_types.number(node.type) and certain("!=", node, 0):
        raise ExpressionError("this is always true", node.span)
    if isinstance(node, typed.Choice) and c_types.number(node.type):
        check_truth(node.yes, kernel)
        check_truth(node.no, kernel)


def check_number(node: typed.Node, what: str, kernel: Kernel) -> typed.Node:
    """The node, if it is a number.

    Raises:
        ExpressionError: it is none; `what` says what needs one.
    """
    if c_types.number(node.type) is None:
        raise _not_a_number(what, node, kernel)
    return node


def check_followed(pointer: typed.Node, hint: str = _USER_READS) -> None:
    """Refuse to follow what can only be a pointer to user space, unless user() says that it is one.

    Raises:
        ExpressionError: the kernel's types mark it (`__user`), or it comes from user space.
    """
    if not is_user_address(pointer) and holds_user_address(pointer):
        raise _user_pointer(pointer, hint)


def check_in_kernel(pointer: typed.Node, hint: str) -> None:
    """Refuse to follow any pointer to user space.

    Raises:
        ExpressionError: it is one.
    """
    if leads_to_user_space(pointer):
        raise _user_pointer(pointer, hint)


def _user_pointer(pointer: typed.Node, hint: str) -> ExpressionError:
    return ExpressionError(
        "this points to user space (__user), which the kernel cannot dereference", pointer.span, hint=hint
    )


def check_length(array: typed.Node, scope: Scope) -> None:
    """Refuse an element of an array whose length only the kernel's code knows (`T a[]`), unless no read can fault.

    Raises:
        ExpressionError: an index into it could lead beyond it.
    """
    plain = strip(array.type)
    if isinstance(plain, Array) and plain.length == 0 and not scope.nofault:
        raise ExpressionError(
            f"{c_types.words(plain.element)}[] does not say how many elements it has, so an index can't be checked",
            array.span,
            hint='add reads = "nofault": what can\'t be read beyond the array then counts as NULL',
        )


def check_text_fits(text: typed.Node, other: typed.Node, verb: str) -> None:
    """Refuse to compare a char array with a text that it can't hold: a constant, or what a parameter is at first."""
    plain = strip(text.type)
    longest = text.limit if isinstance(text, typed.TextValue) else plain.length if isinstance(plain, Array) else None
    match other:
        case typed.TextConstant():
            size, named = len(other.value), f"one of {len(other.value)}"
        case typed.ParameterValue():
            size, named = len(other.text), f"${other.name}, which is one of {len(other.text)}"
        case _:
            return
    if longest is not None and size > longest:
        raise ExpressionError(f"a text of at most {longest} characters can never {verb} {named}", other.span)


def check_text_ends(text: typed.Node) -> None:
    """Refuse a char array whose end is unknown."""
    plain = strip(text.type)
    if isinstance(plain, Array) and plain.length == 0:
        raise ExpressionError("this array has no length of its own", text.span, hint="write text(x, max)")
    if text_room(text) == 0:
        raise ExpressionError("how far it is to this array's end is not known", text.span, hint="write text(x, max)")


def pointed_value(pointer: typed.Node) -> Type:
    """What a pointer points to, where a value is to be read from there.

    Raises:
        ExpressionError: no value can be read there.
    """
    found = c_types.pointer(c_types.decayed(pointer.type))
    assert found is not None
    target = strip(found.target)
    if isinstance(target, Void | Function | Forward):
        raise ExpressionError(
            f"there is no value to read behind {c_types.words(pointer.type)}",
            pointer.span,
            hint="cast the pointer to what it points to" if isinstance(target, Void) else "",
        )
    return found.target


def promoted(node: typed.Node) -> Integer:
    """The type in which C computes with a number."""
    if isinstance(node, typed.MemberRead) and 0 < node.bit_size < 32:
        return c_types.INT
    return c_types.promoted(node.type)


def is_address(node: typed.Node) -> bool:
    """Whether it is a pointer, or an array that becomes one."""
    return c_types.pointer(c_types.decayed(node.type)) is not None


def is_null(node: typed.Node) -> bool:
    """Whether it is a constant that C takes as NULL."""
    return isinstance(node, typed.Constant) and node.value == 0


def shown(node: typed.Node) -> str:
    """An operand in a message: its type, or that it is a text."""
    return "a text" if isinstance(node, typed.TextConstant) else c_types.words(node.type)


def with_article(node: typed.Node) -> str:
    """An operand in a message, by its kind: "a text", "a number", "a pointer (struct sk_buff *)"."""
    if c_types.is_text(node):
        return "a text"
    if c_types.number(node.type):
        return "a number"
    if isinstance(strip(node.type), Array):
        return f"an array ({c_types.words(node.type)})"
    if is_address(node):
        return f"a pointer ({c_types.words(node.type)})"
    return c_types.words(node.type)


def listed(words: str, names: Iterable[str]) -> str:
    """A hint that lists the first names; "" if there are none."""
    known = list(names)
    if not known:
        return ""
    return f"{words} {', '.join(known[:8])}" + (", ..." if len(known) > 8 else "")


def member_names(struct: Struct, kernel: Kernel) -> list[str]:
    """The names by which members can be reached, those of anonymous members among them."""
    names = []
    for member in kernel.members(struct):
        plain = strip(member.type)
        if member.name:
            names.append(member.name)
        elif isinstance(plain, Struct):
            names.extend(member_names(plain, kernel))
    return names


def _not_a_number(what: str, node: typed.Node, kernel: Kernel) -> ExpressionError:
    plain = strip(node.type)
    hint = ""
    if isinstance(plain, Struct):
        hint = listed("its members are", member_names(plain, kernel))
    elif isinstance(plain, Pointer) and not c_types.is_text(node):
        hint = "a pointer's value is (unsigned long)pointer"
    return ExpressionError(f"{what} takes a number, but this is {shown(node)}", node.span, hint=hint)
