# SPDX-License-Identifier: GPL-2.0-only
"""A type as C writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.types import (
    Array,
    Enum,
    Forward,
    Function,
    Integer,
    Pointer,
    Qualified,
    Struct,
    Type,
    Typedef,
    Void,
)

# Whether C code has the definition of an enum or typedef, by kind and name.
Defined = Callable[[str, str], bool]

# BTF's other type tags have no spelling in the kernel's C.
_QUALIFIERS = {
    "const": "const",
    "volatile": "volatile",
    "restrict": "__restrict",
    "user": "__user",
    "rcu": "__rcu",
    "percpu": "__percpu",
}
# How BTF spells C's integers, and how kernel code does.
_SPELLINGS = {
    "long long unsigned int": "unsigned long long",
    "long long int": "long long",
    "long unsigned int": "unsigned long",
    "long int": "long",
    "short unsigned int": "unsigned short",
    "short int": "short",
    "_Bool": "bool",
}
_INTEGERS = {1: "char", 2: "short", 4: "int", 8: "long long"}


def declaration(type_: Type, name: str = "", defined: Defined = lambda kind, name: True, unnamed: str = "") -> str:
    """The declaration of a variable, or without a name the type itself: "const struct sk_buff *skb".

    C can't name a struct or enum without a tag: an enum becomes the integer that it is stored in, a pointer
    to a struct a pointer to void.

    Args:
        defined: an enum or typedef for which this is false is written as what is behind it.
        unnamed: what stands for the members of structs and enums without a tag, for people to read ("{...}").

    Raises:
        KitError: it is, or holds, a struct without a tag, and `unnamed` is not given.
    """
    return _Spelling(defined, unnamed).declare(type_, name)


@dataclass(frozen=True)
class _Spelling:
    defined: Defined
    unnamed: str

    def declare(self, type_: Type, name: str) -> str:
        """C's declarators read from the inside out: `name` is what has been written so far."""
        type_ = self._visible(type_)
        match type_:
            case Pointer():
                return self._pointer(type_.target, name)
            case Array():
                return self.declare(type_.element, f"{name}[{type_.length}]")
            case Function():
                parameters = [self.declare(each.type, "") for each in type_.parameters]
                parameters += ["..."] if type_.variadic else []
                return self.declare(type_.returns, f"{name}({', '.join(parameters) or 'void'})")
            case Qualified():
                return self._qualified(type_, name)
        return _join(self._word(type_), name)

    def _pointer(self, target: Type, name: str) -> str:
        bare = self._visible(target)
        while isinstance(bare, Qualified):
            bare = self._visible(bare.target)
        if isinstance(bare, Array | Function):
            return self.declare(target, f"(*{name})")
        if isinstance(bare, Struct | Forward) and not bare.name and not self.unnamed:
            return _join("void", f"*{name}")
        return self.declare(target, f"*{name}")

    def _qualified(self, type_: Qualified, name: str) -> str:
        qualifier = _QUALIFIERS.get(type_.qualifier)
        target = self._visible(type_.target)
        if qualifier is None or isinstance(target, Function):
            return self.declare(target, name)
        if isinstance(target, Pointer) or qualifier.startswith("__"):
            return self.declare(target, _join(qualifier, name))
        return f"{qualifier} {self.declare(target, name)}"

    def _visible(self, type_: Type) -> Type:
        """The type behind typedefs that are not defined."""
        while isinstance(type_, Typedef) and not self.defined("typedef", type_.name):
            type_ = type_.target
        return type_

    def _word(self, type_: Type) -> str:
        if isinstance(type_, Void):
            return "void"
        if isinstance(type_, Enum) and not (self._named(type_) and self.defined("enum", type_.name)):
            return f"{'' if type_.signed else 'unsigned '}{_INTEGERS[type_.size]}"
        if isinstance(type_, Enum):
            return f"enum {type_.name or self.unnamed}"
        if isinstance(type_, Struct | Forward):
            if not self._named(type_):
                raise KitError(f"a {type_.kind} without a name can't be declared in C")
            return f"{type_.kind} {type_.name or self.unnamed}"
        assert not isinstance(type_, Pointer | Array | Function | Qualified)
        return _SPELLINGS.get(type_.name, type_.name) if isinstance(type_, Integer) else type_.name

    def _named(self, type_: Enum | Struct | Forward) -> bool:
        return bool(type_.name or self.unnamed)


def _join(word: str, declarator: str) -> str:
    tight = not declarator or declarator[0] == "[" or (declarator[0] == "(" and declarator[1] != "*")
    return f"{word}{'' if tight else ' '}{declarator}"
