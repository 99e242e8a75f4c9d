# SPDX-License-Identifier: GPL-2.0-only
"""Enums, with the kernel's own labels."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C
from lttng_addon_kit.expression.fields.abi_type import AbiType, scalar
from lttng_addon_kit.expression.fields.field_kind import (
    AggregateKey,
    Enumeration,
    FieldKind,
    WantedField,
)
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.fields.integer_field import IntegerField, number_format, number_key
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Enum, Type, strip


@dataclass(frozen=True)
class EnumField(FieldKind):
    """An enumeration; `name` is "" for an unnamed enum."""

    is_number = True

    name: str
    values: tuple[tuple[str, int], ...]
    size: int
    signed: bool

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        plain = strip(node.type)
        return cls(plain.name, plain.values, plain.size, plain.signed) if isinstance(plain, Enum) else None

    @property
    def words(self) -> str:
        return f"enum {self.name}, {len(self.values)} labels".replace("  ", " ")

    @property
    def integer(self) -> IntegerField:
        """The integer in which it is stored."""
        return IntegerField(self.size, self.signed)

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        return writer.single(wanted.name, wanted.value, c_types.unqualified(wanted.value.type))

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        return "ctf_enum", f"{event}_{name}", self.integer.c_type, name, arguments[0].name

    def enumeration(self, event: str, name: str) -> Enumeration | None:
        return Enumeration(f"{event}_{name}", self.values)

    def abi_type(self) -> AbiType:
        return scalar(self.integer.name, {value: label for label, value in self.values})

    def number_type(self) -> AbiType:
        return self.abi_type()

    def key(self) -> AggregateKey:
        return number_key(self.signed, self.abi_type())

    def kept_type(self, node: typed.Node) -> Type:
        return c_types.unqualified(node.type)

    def printf(self, value: C) -> tuple[str, C]:
        return number_format(self.signed, value)


KIND = EnumField
