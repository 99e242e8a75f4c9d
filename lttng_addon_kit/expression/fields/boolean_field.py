# SPDX-License-Identifier: GPL-2.0-only
"""Booleans."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C
from lttng_addon_kit.expression.fields.abi_type import AbiType, scalar
from lttng_addon_kit.expression.fields.field_kind import AggregateKey, FieldKind, WantedField
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Integer, Type, strip


@dataclass(frozen=True)
class BooleanField(FieldKind):
    """0 or 1, of C type `bool`."""

    is_number = True

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        plain = strip(node.type)
        return cls() if isinstance(plain, Integer) and plain.is_bool else None

    @property
    def words(self) -> str:
        return "boolean"

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        return writer.single(wanted.name, wanted.value, c_types.C_BOOL)

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        return "ctf_integer", "u8", name, arguments[0].name

    def abi_type(self) -> AbiType:
        return scalar("bool")

    def number_type(self) -> AbiType:
        return self.abi_type()

    def key(self) -> AggregateKey:
        return AggregateKey("UNSIGNED", AbiType("u64", "__u64", 8, 8))

    def kept_type(self, node: typed.Node) -> Type:
        return c_types.unqualified(node.type)

    def printf(self, value: C) -> tuple[str, C]:
        return "%d", value


KIND = BooleanField
