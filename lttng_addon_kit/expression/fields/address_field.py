# SPDX-License-Identifier: GPL-2.0-only
"""Addresses of networks: IPv4, IPv6, hardware."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lttng_addon_kit.expression.c.c_tree import ZERO, C, Do, Identifier, call, size_of
from lttng_addon_kit.expression.c.compute import value as value_of
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.memory import copy_to_local, is_behind_pointer
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.fields.abi_type import AbiType, scalar
from lttng_addon_kit.expression.fields.field_kind import (
    AggregateKey,
    FieldKind,
    WantedField,
)
from lttng_addon_kit.expression.fields.field_writer import EventArray, FieldWriter, ProbeArgument
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.user_memory import is_user_address
from lttng_addon_kit.kernel.types import Array, strip


@dataclass(frozen=True)
class AddressForm:
    """One kind of address; `struct` holds its bytes, if the kernel has one for it."""

    rendering: typed.Rendering
    words: str
    size: int
    struct: str


IP4 = AddressForm("ip4", "IPv4 address", 4, "in_addr")
IP6 = AddressForm("ip6", "IPv6 address", 16, "in6_addr")
MAC = AddressForm("mac", "hardware address", 6, "")
# What stands for any address that can't be reached.
_ZEROS = IP6.size


@dataclass(frozen=True)
class AddressValue(typed.FunctionValue):
    """An address; `value` holds it (ip4), or points to it."""

    makes_field: ClassVar[bool] = True

    form: AddressForm
    value: typed.Node

    @property
    def function(self) -> str:
        return self.form.rendering


@dataclass(frozen=True)
class AddressField(FieldKind):
    """An address of one form."""

    form: AddressForm

    @property
    def rendering(self) -> typed.Rendering:
        return self.form.rendering

    @property
    def words(self) -> str:
        return self.form.words

    def key(self) -> AggregateKey:
        return AggregateKey(self.form.rendering.upper(), self.abi_type())


@dataclass(frozen=True)
class ShortAddressField(AddressField):
    """ip4: a `__be32`."""

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        computed = writer.reached(wanted.value, _held_value).otherwise(ZERO)
        return (writer.argument(wanted.name, c_types.BE32, writer.in_order(wanted.name, c_types.BE32, computed)),)

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        return "ctf_array", "u8", name, f"(const u8 *)&{arguments[0].name}", str(self.form.size)

    def abi_type(self) -> AbiType:
        return scalar(self.form.rendering)


@dataclass(frozen=True)
class LongAddressField(AddressField):
    """ip6 and mac: their bytes."""

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        assert isinstance(wanted.value, AddressValue)
        array = EventArray(wanted.name, c_types.U8, _ZEROS, wanted.value.value.type)
        return writer.array(array, writer.reached(wanted.value, _pointed_bytes))

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        return "ctf_array", "u8", name, arguments[0].name, str(self.form.size)

    def abi_type(self) -> AbiType:
        return AbiType(self.form.rendering, "__u8", self.form.size, 1, self.form.size)

    def into_member(self, member: C, value: C) -> Do:
        return Do(call("memcpy", member, value, size_of(member)))


def _held_value(node: typed.Node, place: Place) -> C:
    assert isinstance(node, AddressValue)
    return value_of(node.value, place)


def _pointed_bytes(node: typed.Node, place: Place) -> C:
    """A pointer that may be followed."""
    assert isinstance(node, AddressValue)
    pointer = followed(node.value, place)
    from_user = is_user_address(node.value)
    if not (from_user or (place.body.scope.nofault and _is_behind_pointer(node.value))):
        return pointer
    local = Identifier(place.name(node))
    place.body.declare(local.name, node.type)
    return copy_to_local(node, local, pointer, place, from_user=from_user)


def _is_behind_pointer(value: typed.Node) -> bool:
    return not isinstance(strip(value.type), Array) or is_behind_pointer(value)


@wishes.register
def _name_of_bytes(node: AddressValue) -> tuple[str, ...]:
    return tuple(f"{wish}_bytes" for wish in wishes(node.value))
