# SPDX-License-Identifier: GPL-2.0-only
"""What every kind of field knows of itself: how it is shown, recorded, shared, and computed in C."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import Assignment, C, Do, Identifier, MemberAccess
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Type

Base = Literal[2, 8, 10, 16]


@dataclass(frozen=True)
class FieldOptions:
    """What a user may say of a field beside its value."""

    base: Base | None = None


@dataclass(frozen=True)
class WantedField:
    """A field to be recorded."""

    name: str
    value: typed.Node
    options: FieldOptions = field(default_factory=FieldOptions)


@dataclass(frozen=True)
class Enumeration:
    """A CTF enumeration: its name in C, and its labels with their values."""

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class AggregateKey:
    """A part of what an aggregate is counted by: how the C of the boundary calls the kind, its type."""

    c_kind: str
    type: AbiType


class FieldKind(ABC):
    """How a value is recorded; one class a kind, in a file of its own.

    Attributes:
        is_number: a command can return it, and a line of /proc print it as one.
        rendering: which network's address a trace shows it as.
    """

    is_number: ClassVar[bool] = False

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        """The kind for a value of this kind's types, which no other kind takes; None for others.

        Raises:
            ExpressionError: it would be of this kind, but can't be recorded.
        """
        return None

    @property
    @abstractmethod
    def words(self) -> str:
        """The kind in a user's words, as in "u32, decimal" or "text, at most 16 bytes"."""

    @property
    def rendering(self) -> typed.Rendering | None:
        return None

    def with_base(self, base: Base, node: typed.Node) -> FieldKind:
        """The same, shown in another base.

        Raises:
            ExpressionError: it has none.
        """
        raise ExpressionError("only integers have a base", node.span, hint="remove 'base'")

    @abstractmethod
    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        """What to pass to LTTng's generated probe; the writer gets the statements that come before."""

    @abstractmethod
    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        """What to write between TP_FIELDS' parentheses: a macro, its arguments; the field is read from `arguments`."""

    def enumeration(self, event: str, name: str) -> Enumeration | None:
        """What must be declared before an event with this field."""
        return None

    @abstractmethod
    def abi_type(self) -> AbiType:
        """The type in which a record has the value.

        Raises:
            KitError: it has no fixed size.
        """

    def number_type(self) -> AbiType:
        """The type in which an aggregate adds the value up.

        Raises:
            KitError: it is no number.
        """
        raise KitError("an aggregate is of numbers, and this is none")

    def key(self) -> AggregateKey:
        """What an aggregate is counted by, if it is by such a value.

        Raises:
            KitError: it can't be a key.
        """
        raise KitError("a key is a number, an enum, a pointer, a text, an address or a stack; this is none")

    def into_member(self, member: C, value: C) -> Do:
        """The statement that puts the value into a struct's member."""
        return Do(Assignment(member, value))

    def kept_type(self, node: typed.Node) -> Type:
        """The type in which a span keeps a value of this kind from its begin to its end.

        Raises:
            KitError: it can't.
        """
        raise KitError("a span keeps numbers, enums, pointers, texts and stacks; this is none")

    def keep(self, member: C, value: C) -> Do:
        """The statement that puts the value into a member of `kept_type`."""
        return Do(Assignment(member, value))

    def printf(self, value: C) -> tuple[str, C]:
        """A printf format and what it gets.

        Raises:
            KitError: one line of text can't show it.
        """
        raise KitError("a line of a /proc file is a number, a pointer or a text; write a 'show' function for more")


@dataclass(frozen=True)
class FieldValue:
    """One field, ready for the probe. A sequence has two arguments: the data, and how many elements."""

    name: str
    kind: FieldKind
    arguments: tuple[ProbeArgument, ...]

    @property
    def value(self) -> C:
        """The C of its first argument."""
        return self.arguments[0].value

    def ctf_macro(self, event: str) -> tuple[str, ...]:
        """See `FieldKind.ctf_macro`."""
        return self.kind.ctf_macro(event, self.name, self.arguments)


def record_member(name: str) -> C:
    """The C of a member of the record that is being filled."""
    return MemberAccess(Identifier("record"), "->", name)
