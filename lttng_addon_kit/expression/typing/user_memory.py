# SPDX-License-Identifier: GPL-2.0-only
"""What is in user space: which memory user() leads to, and which values can only be addresses there."""

from __future__ import annotations

from dataclasses import replace

from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.kernel.types import (
    USER_MODE,
    USER_SPACE,
    USER_VALUE,
    Array,
    Pointer,
    Qualified,
    Type,
    Typedef,
    is_tagged,
    strip,
    tagged,
)


def is_user_address(pointer: typed.Node) -> bool:
    """Whether a pointer or array is read as user space's, since user() says so."""
    match pointer:
        case typed.UserAddress():
            return True
        case typed.Conversion():
            return is_user_address(pointer.operand)
        case typed.Arithmetic():
            return is_user_address(pointer.left) or is_user_address(pointer.right)
        case typed.AddressOf():
            return is_in_user_space(pointer.operand)
        case typed.Choice():
            return is_user_address(pointer.yes) or is_user_address(pointer.no)
    return isinstance(strip(pointer.type), Array) and is_in_user_space(pointer)


def is_in_user_space(node: typed.Node) -> bool:
    """Whether what a node reads is in the memory that user() leads to."""
    match node:
        case typed.MemberRead():
            return is_user_address(node.base) if node.through_pointer else is_in_user_space(node.base)
        case typed.Element():
            return is_user_address(node.base)
        case typed.Dereference():
            return is_user_address(node.pointer)
    return False


def as_read(node: typed.Node) -> typed.Node:
    """A read, its type telling that what comes from user space, or its registers, leads to user space as well."""
    if _is_register(node):
        return replace(node, type=tagged(node.type, USER_VALUE))
    return replace(node, type=_leading_to_user_space(node.type)) if is_in_user_space(node) else node


def _is_register(node: typed.Node) -> bool:
    """Whether it is read from user space's registers, also from an array of them (arm64)."""
    match node:
        case typed.MemberRead():
            struct = strip(node.base.type)
            target = struct.target if isinstance(struct, Pointer) else node.base.type
            return is_tagged(target, USER_MODE)
        case typed.Element():
            return is_tagged(node.base.type, USER_VALUE)
    return False


def holds_user_address(node: typed.Node) -> bool:
    """Whether a value can only be an address in user space: by the kernel's types, or by where it comes from."""
    if is_tagged(node.type, USER_VALUE) or is_user_pointer(node.type):
        return True
    match node:
        case typed.Conversion():
            return holds_user_address(node.operand)
        case typed.Arithmetic():
            return holds_user_address(node.left) or holds_user_address(node.right)
    return False


def leads_to_user_space(pointer: typed.Node) -> bool:
    """Whether what a pointer leads to can only be in user space."""
    return is_user_address(pointer) or holds_user_address(pointer)


def is_user_pointer(type_: Type) -> bool:
    """Whether a type marks a pointer as one to user space (`__user`)."""
    plain = strip(type_)
    return isinstance(plain, Pointer) and is_tagged(plain.target, USER_SPACE)


def _leading_to_user_space(type_: Type) -> Type:
    match type_:
        case Typedef() | Qualified():
            inner = _leading_to_user_space(type_.target)
            return type_ if inner == type_.target else inner
        case Array():
            return Array(_leading_to_user_space(type_.element), type_.length)
        case Pointer():
            return Pointer(tagged(type_.target, USER_SPACE))
    return type_
