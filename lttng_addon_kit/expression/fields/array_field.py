# SPDX-License-Identifier: GPL-2.0-only
"""Arrays of integers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lttng_addon_kit.expression.c.c_tree import C, Do, call, size_of
from lttng_addon_kit.expression.fields.abi_type import AbiType, stack_type
from lttng_addon_kit.expression.fields.field_kind import AggregateKey, Base, FieldKind, WantedField
from lttng_addon_kit.expression.fields.field_writer import EventArray, FieldWriter, ProbeArgument
from lttng_addon_kit.expression.fields.integer_field import IntegerField, is_network_order
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.limits import MOST_BYTES
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Enum, Integer, Pointer, Type, strip


@dataclass(frozen=True)
class ArrayField(FieldKind):
    """`length` integers, always there (zeros where a pointer on the way was NULL)."""

    element: IntegerField
    length: int
    is_of_pointers: bool = False

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        array = strip(node.type)
        if not isinstance(array, Array) or c_types.is_text(node):
            return None
        element = strip(array.element)
        if array.length == 0:
            raise ExpressionError("this array has no length of its own", node.span, hint="write bytes(x, length)")
        if not isinstance(element, Integer | Enum | Pointer):
            raise ExpressionError(
                f"an array of {c_types.words(array.element)} can't be a field",
                node.span,
                hint="write one element of it, as in x[0], or bytes(x, length)",
            )
        size = scope.kernel.size_of(element)
        if array.length * size > MOST_BYTES:
            raise ExpressionError(
                f"{array.length * size} bytes are too much for one field (at most {MOST_BYTES})",
                node.span,
                hint="write bytes(x, length) or single elements",
            )
        if isinstance(element, Pointer):
            return cls(IntegerField(size, False, 16), array.length, is_of_pointers=True)
        return cls(IntegerField(size, element.signed, network=is_network_order(array.element)), array.length)

    @property
    def words(self) -> str:
        return f"{self.length} times {self.element.words}"

    def with_base(self, base: Base, node: typed.Node) -> FieldKind:
        return replace(self, element=self.element.with_base(base, node))

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        type_ = wanted.value.type
        array = EventArray(wanted.name, _element_type(type_), self.element.size * self.length, type_)
        return writer.array(array, writer.reached(wanted.value))

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        element = self.element
        return f"ctf_array{element.macro_suffix}", element.c_type, name, arguments[0].name, str(self.length)

    def abi_type(self) -> AbiType:
        element = self.element.abi_type()
        name, size = f"{element.name}[{self.length}]", element.size * self.length
        return AbiType(name, element.c_type, size, element.alignment, self.length)

    def key(self) -> AggregateKey:
        if not self.is_of_pointers:
            return super().key()
        return AggregateKey("STACK", stack_type(self.length))

    def into_member(self, member: C, value: C) -> Do:
        return Do(call("memcpy", member, value, size_of(member)))


KIND = ArrayField


def _element_type(type_: Type) -> Type:
    plain = strip(type_)
    assert isinstance(plain, Array)
    element = c_types.unqualified(plain.element)
    return c_types.UNSIGNED_LONG if c_types.pointer(element) else element if c_types.number(element) else c_types.U8
