# SPDX-License-Identifier: GPL-2.0-only
"""C types as a kernel's BTF describes them, as plain data.

Sizes are in bytes, offsets of members in bits (as in BTF: include/uapi/linux/btf.h). A `Struct` names its
members only through `Kernel.members`, so that a type can be loaded without the thousands that it leads to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Void:
    """No value: what `void *` points to, what a function without result returns."""


@dataclass(frozen=True)
class Integer:
    """`name` is C's own: "unsigned int", "char", "_Bool"."""

    name: str
    size: int
    signed: bool
    is_bool: bool = False


@dataclass(frozen=True)
class Float:
    name: str
    size: int


@dataclass(frozen=True)
class Pointer:
    target: Type


@dataclass(frozen=True)
class Array:
    element: Type
    length: int


@dataclass(frozen=True)
class Struct:
    """A struct or union; `name` is "" for an anonymous one. Those with one `id` in a kernel are the same."""

    kind: Literal["struct", "union"]
    name: str = field(compare=False)
    size: int = field(compare=False)
    id: int


@dataclass(frozen=True)
class Forward:
    """A struct, union or enum that this kernel's types declare but never define."""

    kind: Literal["struct", "union", "enum"]
    name: str


@dataclass(frozen=True)
class Enum:
    """`values` are (label, value) pairs in the order of declaration."""

    name: str
    size: int
    signed: bool
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Typedef:
    name: str
    target: Type


@dataclass(frozen=True)
class Qualified:
    """A type with one qualifier; `restrict` and BTF's type tags ("user", "rcu") are kept by name."""

    qualifier: str
    target: Type


@dataclass(frozen=True)
class Function:
    """What a pointer to a function points to."""

    parameters: tuple[Argument, ...]
    returns: Type
    variadic: bool = False


@dataclass(frozen=True)
class Argument:
    """One argument of a tracepoint or function; `name` is "" where the kernel's types have none."""

    name: str
    type: Type


@dataclass(frozen=True)
class Member:
    """One member of a struct or union; anonymous members have `name` "".

    `bit_offset` is from the start of the struct; `bit_size` is 0 but for a bit field.
    """

    name: str
    type: Type
    bit_offset: int
    bit_size: int = 0


Type = Void | Integer | Float | Pointer | Array | Struct | Forward | Enum | Typedef | Qualified | Function


# What a tag of clang's says of its target; the kit tags what it knows itself.
USER_SPACE = "user"
# The kit's own: registers as they are while user space runs, so that what is in them is user space's.
USER_MODE = "user mode"
# The kit's own: a number that comes from user space, so that it is an address there if it is one at all.
USER_VALUE = "user value"


def tagged(type_: Type, tag: str) -> Type:
    """The type with a tag, once."""
    return type_ if is_tagged(type_, tag) else Qualified(tag, type_)


def untagged(type_: Type, tag: str) -> Type:
    """The type without a tag in front of it."""
    return type_.target if isinstance(type_, Qualified) and type_.qualifier == tag else type_


def is_tagged(type_: Type, tag: str) -> bool:
    """Whether a type has a tag, or qualifier, behind no matter which typedefs."""
    while isinstance(type_, Typedef | Qualified):
        if isinstance(type_, Qualified) and type_.qualifier == tag:
            return True
        type_ = type_.target
    return False


def strip(type_: Type) -> Type:
    """The type behind its typedefs and qualifiers."""
    while isinstance(type_, Typedef | Qualified):
        type_ = type_.target
    return type_
