# SPDX-License-Identifier: GPL-2.0-only
"""What an expression says, before any type is known: a small tree with the place of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Span:
    """A run of characters in an expression's text, counted from 0."""

    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length

    def to(self, other: Span) -> Span:
        """From the start of this one to the end of `other`."""
        return Span(self.start, other.end - self.start)


@dataclass(frozen=True)
class Name:
    """A variable, an enum's label, or (with a `$`) a parameter."""

    span: Span
    name: str


@dataclass(frozen=True)
class Number:
    """An integer or character constant; `spelling` is how C spells it, without a suffix."""

    span: Span
    value: int
    spelling: str
    suffix: str = ""
    is_character: bool = False


@dataclass(frozen=True)
class Text:
    """A string literal's bytes, without the NUL that ends it."""

    span: Span
    value: bytes


@dataclass(frozen=True)
class Access:
    """`base.name` or `base->name`."""

    span: Span
    base: Node
    operator: Literal[".", "->"]
    name: str
    name_span: Span

    @property
    def operator_span(self) -> Span:
        """The operator, or the blanks around it too."""
        return Span(self.base.span.end, self.name_span.start - self.base.span.end)


@dataclass(frozen=True)
class Index:
    span: Span
    base: Node
    index: Node


@dataclass(frozen=True)
class Unary:
    span: Span
    operator: Literal["+", "-", "~", "!", "*", "&"]
    operand: Node


@dataclass(frozen=True)
class Binary:
    span: Span
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Membership:
    """`key in table`."""

    span: Span
    key: Node
    table: Node


@dataclass(frozen=True)
class Conditional:
    span: Span
    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class TypeName:
    """A type as it is written in a cast or sizeof: `const struct sock *` has kind "struct", pointers 1.

    `kind` is "struct", "union", "enum", or "" for typedefs and C's own types.
    """

    span: Span
    kind: str
    name: str
    pointers: int


@dataclass(frozen=True)
class Cast:
    span: Span
    type: TypeName
    operand: Node


@dataclass(frozen=True)
class SizeOf:
    span: Span
    operand: Node | TypeName


@dataclass(frozen=True)
class Call:
    span: Span
    function: str
    function_span: Span
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class ContainerOf:
    """`container_of(pointer, struct type, member.of.it)`."""

    span: Span
    pointer: Node
    type: TypeName
    path: tuple[Name, ...]


Node = (
    Name
    | Number
    | Text
    | Access
    | Index
    | Unary
    | Binary
    | Membership
    | Conditional
    | Cast
    | SizeOf
    | Call
    | ContainerOf
)
