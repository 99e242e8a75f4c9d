# SPDX-License-Identifier: GPL-2.0-only
"""Expressions with their types: what typing/ makes of the syntax, and c/ turns into C.

Two nodes are equal when they compute the same: the place in the text doesn't count. So a node is its own key when
common parts are looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import ClassVar, Literal

from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.kernel.types import Struct, Type

# How a trace shows the bytes of a network's address.
Rendering = Literal["ip4", "ip6", "mac", "pointer"]


@dataclass(frozen=True)
class Clock:
    """A clock of the kernel's; `function` is the built-in that reads it, "" where there is none."""

    words: str
    function: str = ""

    @property
    def shown(self) -> str:
        return f"{self.words} ({self.function})" if self.function else self.words


@dataclass(frozen=True)
class Node:
    """A part of an expression; `takes_texts`: what `text()` gives may stand in it."""

    takes_texts: ClassVar[bool] = False

    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Variable(Node):
    """One of the hook's variables; `clock`: the one that it is a time of, if that is known (clock_times.py)."""

    c_name: str
    clock: Clock | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Constant(Node):
    """An integer; `spelling` is how C spells it. `header` defines the label that it is, if it is one."""

    value: int
    spelling: str = field(compare=False)
    header: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TextConstant(Node):
    value: bytes


@dataclass(frozen=True)
class ParameterValue(Node):
    """A module parameter. `length` is the most bytes that a text has, 0 for numbers; `text` is what it is at first."""

    name: str
    c_text: str
    length: int
    text: bytes


@dataclass(frozen=True)
class KernelValue(Node):
    """A value that the kernel has at hand, as the current task's id: `current`, or a function like `pid()`."""

    name: str


@dataclass(frozen=True)
class PerCpuAddress(Node):
    """Where this CPU has a per-CPU variable."""

    name: str


@dataclass(frozen=True)
class FunctionValue(Node):
    """What a function of the language gives that only the function's own file in builtins/ knows.

    Attributes:
        makes_field: it is recorded as a whole field, and is no part of an expression.
        never_null: what it is, in words, if it is a pointer that always leads somewhere.
    """

    makes_field: ClassVar[bool] = False
    never_null: ClassVar[str] = ""

    @property
    def function(self) -> str:
        """The name of the function."""
        return type(self).__name__.lower()


@dataclass(frozen=True)
class TestValue(FunctionValue):
    """What is true or false, and has a test of its own in C."""


@dataclass(frozen=True)
class TableValue(Node):
    """`table[key]`: a key's value, 0 for a key that is not there."""

    takes_texts: ClassVar[bool] = True

    table: str
    key: Node


@dataclass(frozen=True)
class HasKey(TestValue):
    """`key in table`."""

    takes_texts: ClassVar[bool] = True

    table: str
    key: Node


@dataclass(frozen=True)
class MemberRead(Node):
    """`base.name`, or `base->name` where `through_pointer`. Offsets in bits, `bit_size` 0 but for a bit field."""

    base: Node
    owner: Struct
    name: str
    through_pointer: bool
    bit_offset: int
    bit_size: int


@dataclass(frozen=True)
class Element(Node):
    """`base[index]`; `length` is the array's, or None where `base` is a pointer."""

    base: Node
    index: Node
    length: int | None


@dataclass(frozen=True)
class Dereference(Node):
    pointer: Node


@dataclass(frozen=True)
class AddressOf(Node):
    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Sign(Node):
    operator: Literal["-", "~"]
    operand: Node


@dataclass(frozen=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True)
class Logical(Node):
    operator: Literal["&&", "||"]
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison(Node):
    """Of numbers or pointers."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class TextComparison(Node):
    """`==` or `!=` of texts."""

    takes_texts: ClassVar[bool] = True

    operator: Literal["==", "!="]
    left: Node
    right: Node


@dataclass(frozen=True)
class Choice(Node):
    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Conversion(Node):
    operand: Node


@dataclass(frozen=True)
class UserAddress(Node):
    """A pointer that leads to user space, as user() says: what is read through it is copied."""

    pointer: Node


@dataclass(frozen=True)
class FunctionResult(Node):
    """What a C function gives: one of the addon's own, of the kernel's `header`, or of runtime/'s `runtime_header`."""

    function: str
    arguments: tuple[Node, ...]
    header: str = ""
    runtime_header: str = ""


@dataclass(frozen=True)
class TextValue(FunctionValue):
    """A text that a function gives, at most `limit` bytes."""

    limit: int


@dataclass(frozen=True)
class BoundedText(TextValue):
    """The text at a `char *`; `space` is whose memory it is in."""

    pointer: Node
    space: Literal["kernel", "user"]

    @property
    def function(self) -> str:
        return "text" if self.space == "kernel" else "user_text"


@dataclass(frozen=True)
class WrittenText(TextValue):
    """The text that the C function `writer` of `runtime_header` writes into an array of the probe's, and returns.

    Attributes:
        called: the language's function that it is.
        arguments: what the C function gets behind the array and its size.
    """

    called: str
    writer: str
    runtime_header: str
    arguments: tuple[Node, ...] = ()

    @property
    def function(self) -> str:
        return self.called


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below one, in the order in which C evaluates them (or may)."""
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, Node))


def walk(node: Node) -> Iterator[Node]:
    """A node and all that is below it."""
    yield node
    for child in children(node):
        yield from walk(child)
