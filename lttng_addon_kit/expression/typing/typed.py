"""Expressions with their types: what annotate.py makes of the syntax, and lower.py turns into C.

Two nodes are equal when they compute the same: the place in the text doesn't count. So a node is its own key when
common parts are looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.kernel.types import Struct, Type

Rendering = Literal["ip4", "ip6", "mac"]


@dataclass(frozen=True)
class Node:
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Variable(Node):
    """One of the hook's variables."""

    c_name: str


@dataclass(frozen=True)
class Constant(Node):
    """An integer; `spelling` is how the C shall have it. `header` defines the label that it is, if it is one."""

    value: int
    spelling: str = field(compare=False)
    header: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TextConstant(Node):
    value: bytes


@dataclass(frozen=True)
class ParameterValue(Node):
    """A module parameter. `length` is the most bytes that a text has, 0 for numbers."""

    name: str
    c_text: str
    length: int


@dataclass(frozen=True)
class Builtin(Node):
    """A value that the kernel has at hand, like the current task's id; `c_text` with `header` included reads it."""

    c_text: str
    header: str


@dataclass(frozen=True)
class Member(Node):
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

    operator: Literal["==", "!="]
    left: Node
    right: Node


@dataclass(frozen=True)
class StartsWith(Node):
    text: Node
    prefix: Node


@dataclass(frozen=True)
class OneOf(Node):
    value: Node
    options: tuple[Node, ...]


@dataclass(frozen=True)
class Conditional(Node):
    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Cast(Node):
    operand: Node


@dataclass(frozen=True)
class Call(Node):
    """A call of the user's own function, or (`header` included) of one of the kernel's byte-order macros."""

    function: str
    arguments: tuple[Node, ...]
    header: str = ""


@dataclass(frozen=True)
class ContainerOf(Node):
    pointer: Node
    owner: Struct
    path: tuple[str, ...]
    bit_offset: int


@dataclass(frozen=True)
class Bytes(Node):
    """`length` bytes from `pointer` on, at most `limit`."""

    pointer: Node
    length: Node
    limit: int


@dataclass(frozen=True)
class BoundedText(Node):
    """The text at a `char *`, at most `limit` bytes; `space` is whose memory it is in."""

    pointer: Node
    limit: int
    space: Literal["kernel", "user"]


@dataclass(frozen=True)
class Address(Node):
    """An address of a network; `value` holds it, or (ip6, mac) points to it."""

    rendering: Rendering
    value: Node


@dataclass(frozen=True)
class Stack(Node):
    """The kernel's call stack, at most `depth` return addresses."""

    depth: int


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
