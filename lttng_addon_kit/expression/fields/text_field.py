# SPDX-License-Identifier: GPL-2.0-only
"""Texts."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import EMPTY_TEXT, C, Do, Identifier, call, size_of
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.texts import text
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kind import AggregateKey, FieldKind, KeyCode, WantedField
from lttng_addon_kit.expression.fields.field_writer import ZEROS, FieldWriter, ProbeArgument
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_text_ends
from lttng_addon_kit.expression.typing.limits import LONGEST_TEXT
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.expression.typing.text_room import text_room
from lttng_addon_kit.kernel.types import Array, Pointer, Qualified, Type, strip

# Up to here copying an array as a whole costs less than looking for its NUL, and takes its full length in the trace.
_LONGEST_FIXED_TEXT = 32
_LONGEST_KEY = 256


@dataclass(frozen=True)
class TextField(FieldKind):
    """Text that ends at its NUL or after `limit` bytes, whichever comes first.

    `fixed`: that many bytes are always there to be copied, whatever is after the NUL.
    """

    limit: int
    fixed: bool = False

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        plain = strip(node.type)
        if isinstance(node, typed.TextValue):
            return cls(node.limit)
        if not c_types.is_text(node):
            return None
        if not isinstance(plain, Array):
            check_text_ends(node)
            return cls(text_room(node) or LONGEST_TEXT)
        if plain.length == 0:
            raise ExpressionError(
                "this array has no length of its own", node.span, hint="write text(x, max) or bytes(x, length)"
            )
        return cls(min(plain.length, LONGEST_TEXT), plain.length <= _LONGEST_FIXED_TEXT)

    @property
    def words(self) -> str:
        return f"text, at most {self.limit} bytes"

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        type_ = Pointer(Qualified("const", c_types.CHAR))
        reached = writer.reached(wanted.value, _where)
        if reached.conditions and self.fixed:
            writer.zeros = max(writer.zeros, self.limit)
        computed = reached.otherwise(writer.cast(ZEROS, type_) if self.fixed else EMPTY_TEXT)
        return (writer.argument(wanted.name, type_, writer.in_order(wanted.name, type_, computed)),)

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        data = arguments[0].name
        if self.fixed:
            return "ctf_array_text", "char", name, data, str(self.limit)
        return "ctf_sequence_text", "char", name, data, "u32", f"strnlen({data}, {self.limit})"

    def abi_type(self) -> AbiType:
        return AbiType(f"char[{self.limit}]", "char", self.limit, 1, self.limit)

    def key(self) -> AggregateKey:
        if self.limit > _LONGEST_KEY:
            raise KitError(f"a text of {self.limit} bytes is too long for a key", hint=f"text(..., {_LONGEST_KEY})")
        return AggregateKey("TEXT", self.abi_type(), self.limit)

    def key_code(self, name: str, value: C) -> KeyCode:
        local = Identifier(name)
        return KeyCode(local, (f"char {name}[{self.limit}]",), (_copied(local, value),))

    def into_member(self, member: C, value: C) -> Do:
        return _copied(member, value)

    def kept_type(self, node: typed.Node) -> Type:
        return Array(c_types.CHAR, self.limit)

    def keep(self, member: C, value: C) -> Do:
        return _copied(member, value)

    def printf(self, value: C) -> tuple[str, C]:
        return f"%.{self.limit}s", value


KIND = TextField


def _where(node: typed.Node, place: Place) -> C:
    return text(node, place).value


def _copied(to: C, value: C) -> Do:
    return Do(call("lttng_addons_text", to, value, size_of(to)))
