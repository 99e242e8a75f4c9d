# SPDX-License-Identifier: GPL-2.0-only
"""C expressions and statements as trees: nothing is text before printer.py prints it.

What C code asks of an expression is asked of its node: how tightly it binds, whether it has a side effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Literal


class Level(IntEnum):
    """How tightly an expression's outermost operator binds; the tightest is the largest."""

    ASSIGNMENT = 1
    CHOICE = 2
    OR = 3
    AND = 4
    BITS = 5
    EQUALITY = 6
    ORDER = 7
    SHIFT = 8
    SUM = 9
    PRODUCT = 10
    UNARY = 11
    PRIMARY = 12


INFIX_LEVELS = {
    **dict.fromkeys(("*", "/", "%"), Level.PRODUCT),
    **dict.fromkeys(("+", "-"), Level.SUM),
    **dict.fromkeys(("<<", ">>"), Level.SHIFT),
    **dict.fromkeys(("<", ">", "<=", ">="), Level.ORDER),
    **dict.fromkeys(("==", "!="), Level.EQUALITY),
    **dict.fromkeys(("&", "^", "|"), Level.BITS),
}


@dataclass(frozen=True)
class C:
    """A C expression."""

    @property
    def level(self) -> Level:
        """How tightly it binds."""
        return Level.PRIMARY

    @property
    def has_side_effect(self) -> bool:
        """Whether computing it changes a variable, so that C's order of evaluation matters."""
        return any(part.has_side_effect for part in self.parts())

    def parts(self) -> Iterator[C]:
        """The expressions directly below this one."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, C):
                yield value
            elif isinstance(value, tuple):
                yield from (part for part in value if isinstance(part, C))


@dataclass(frozen=True)
class Identifier(C):
    """A name; also a type's, where a macro takes one."""

    name: str


@dataclass(frozen=True)
class NumberLiteral(C):
    """A number as C spells it: "0", "10ull", "'x'", "-1 /* LABEL */"."""

    spelling: str
    is_negative: bool = False

    @property
    def level(self) -> Level:
        return Level.UNARY if self.is_negative else Level.PRIMARY


@dataclass(frozen=True)
class StringLiteral(C):
    """The bytes of a string, without the NUL that ends it."""

    value: bytes


@dataclass(frozen=True)
class Subscript(C):
    """`base[index]`"""

    base: C
    index: C


@dataclass(frozen=True)
class MemberAccess(C):
    """`base.member` or `base->member`"""

    base: C
    operator: Literal[".", "->"]
    member: str


@dataclass(frozen=True)
class FunctionCall(C):
    """`function(arguments)`; `writes`: it fills one of them."""

    function: str
    arguments: tuple[C, ...]
    writes: bool = False

    @property
    def has_side_effect(self) -> bool:
        return self.writes or super().has_side_effect


@dataclass(frozen=True)
class TypeCast(C):
    """`(type)operand`"""

    type: str
    operand: C

    @property
    def level(self) -> Level:
        return Level.UNARY


@dataclass(frozen=True)
class Prefix(C):
    """`operator operand`, for `!`, `-`, `~`, `*` and `&`."""

    operator: str
    operand: C

    @property
    def level(self) -> Level:
        return Level.UNARY


@dataclass(frozen=True)
class Infix(C):
    """`left operator right`, for all of C's binary operators but `&&` and `||`."""

    operator: str
    left: C
    right: C

    @property
    def level(self) -> Level:
        return INFIX_LEVELS[self.operator]


@dataclass(frozen=True)
class Chain(C):
    """Two or more conditions joined by `&&` or by `||`."""

    operator: Literal["&&", "||"]
    conditions: tuple[C, ...]

    @property
    def level(self) -> Level:
        return Level.AND if self.operator == "&&" else Level.OR


@dataclass(frozen=True)
class Ternary(C):
    """`condition ? yes : no`"""

    condition: C
    yes: C
    no: C

    @property
    def level(self) -> Level:
        return Level.CHOICE


@dataclass(frozen=True)
class Assignment(C):
    """`target = value`; inside another expression it stands in parentheses."""

    target: C
    value: C

    @property
    def level(self) -> Level:
        return Level.ASSIGNMENT

    @property
    def has_side_effect(self) -> bool:
        return True


@dataclass(frozen=True)
class Do:
    """An expression as a statement: an assignment or a call."""

    expression: C


@dataclass(frozen=True)
class Return:
    """`return;`, or with a value."""

    value: C | None = None


@dataclass(frozen=True)
class Goto:
    """`goto label;`"""

    label: str


@dataclass(frozen=True)
class If:
    """`if (condition) body`, where the body is one statement."""

    condition: C
    body: Do | Return | Goto


Statement = Do | Return | Goto | If

NULL = Identifier("NULL")
ZERO = NumberLiteral("0")
ONE = NumberLiteral("1")
TRUE = Identifier("true")
FALSE = Identifier("false")
EMPTY_TEXT = StringLiteral(b"")


def assign(target: str, value: C) -> Do:
    """The statement `target = value;`."""
    return Do(Assignment(Identifier(target), value))


def number(value: int) -> NumberLiteral:
    """A number in decimal."""
    return NumberLiteral(str(value), value < 0)


def call(function: str, *arguments: C, writes: bool = False) -> FunctionCall:
    """`function(arguments)`; `writes`: it fills one of them."""
    return FunctionCall(function, arguments, writes)


def size_of(operand: C) -> FunctionCall:
    """`sizeof(operand)`"""
    return call("sizeof", operand)


def address_of(operand: C) -> C:
    """`&operand`; of what a pointer points to, that pointer."""
    if isinstance(operand, Prefix) and operand.operator == "*":
        return operand.operand
    return Prefix("&", operand)
