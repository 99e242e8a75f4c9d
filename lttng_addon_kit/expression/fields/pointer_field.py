# SPDX-License-Identifier: GPL-2.0-only
"""Pointers, as addresses of the kernel's memory."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import Assignment, C, Do, TypeCast
from lttng_addon_kit.expression.fields.abi_type import AbiType, scalar
from lttng_addon_kit.expression.fields.field_kind import (
    AggregateKey,
    FieldKind,
    WantedField,
)
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Pointer, Qualified, Struct, Type, strip


@dataclass(frozen=True)
class PointerField(FieldKind):
    """An address, shown in hexadecimal."""

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        return cls() if c_types.pointer(node.type) and not c_types.is_text(node) else None

    @property
    def words(self) -> str:
        return "pointer, hexadecimal"

    @property
    def rendering(self) -> typed.Rendering:
        return "pointer"

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        return writer.single(wanted.name, wanted.value, _shown_pointer(wanted.value.type))

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        return "ctf_integer_hex", arguments[0].type, name, arguments[0].name

    def abi_type(self) -> AbiType:
        return scalar("pointer")

    def key(self) -> AggregateKey:
        return AggregateKey("POINTER", self.abi_type())

    def into_member(self, member: C, value: C) -> Do:
        return Do(Assignment(member, TypeCast("unsigned long", value)))

    def kept_type(self, node: typed.Node) -> Type:
        # What it points to may be gone by the end.
        return Pointer(Qualified("const", c_types.VOID))

    def printf(self, value: C) -> tuple[str, C]:
        return "%px", value


KIND = PointerField


def _shown_pointer(type_: Type) -> Type:
    """`const void *`, or a pointer to a constant struct: enough for a value that is never followed."""
    found = c_types.pointer(c_types.decayed(type_))
    assert found is not None
    target = strip(found.target)
    if isinstance(target, Struct) and target.name:
        return Pointer(Qualified("const", target))
    return Pointer(Qualified("const", c_types.VOID))
