# SPDX-License-Identifier: GPL-2.0-only
"""Integers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import C, TypeCast
from lttng_addon_kit.expression.fields.abi_type import AbiType, scalar
from lttng_addon_kit.expression.fields.field_kind import (
    AggregateKey,
    Base,
    FieldKind,
    WantedField,
)
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Integer, Qualified, Type, Typedef, strip

_BASES = {2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal"}


@dataclass(frozen=True)
class IntegerField(FieldKind):
    """`size` in bytes; `network`: the bytes are in network order, whatever the machine's is."""

    is_number = True

    size: int
    signed: bool
    base: Base = 10
    network: bool = False

    @classmethod
    def of_type(cls, node: typed.Node, scope: Scope) -> FieldKind | None:
        plain = strip(node.type)
        if not isinstance(plain, Integer) or plain.is_bool:
            return None
        return cls(plain.size, plain.signed, network=is_network_order(node.type))

    @property
    def words(self) -> str:
        return f"{self.name}, {_BASES[self.base]}" + (", network order" if self.network else "")

    @property
    def name(self) -> str:
        """The integer type without its byte order: "u32", "s64"."""
        return f"{'s' if self.signed else 'u'}{8 * self.size}"

    @property
    def c_type(self) -> str:
        """The kernel's name for the type: u32, s64, __be16."""
        return f"__be{8 * self.size}" if self.is_swapped else self.name

    @property
    def is_swapped(self) -> bool:
        """Whether the bytes' order matters, and is the network's."""
        return self.network and self.size > 1

    @property
    def macro_suffix(self) -> str:
        """What LTTng's macros for such integers, and arrays of them, end with."""
        return ("_network" if self.network else "") + ("_hex" if self.base == 16 else "")

    def with_base(self, base: Base, node: typed.Node) -> IntegerField:
        return replace(self, base=base)

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        return writer.single(wanted.name, wanted.value, c_types.unqualified(wanted.value.type))

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        type_, source = arguments[0].type, arguments[0].name
        if self.base == 2 or (self.base == 8 and self.network):
            # LTTng has no public macro for these; this is what its macros for other bases are made of.
            order = "__BIG_ENDIAN" if self.network else "__BYTE_ORDER"
            return "_ctf_integer_ext", type_, name, source, order, str(self.base), "0", "0"
        return f"ctf_integer{self.macro_suffix}{'_oct' if self.base == 8 else ''}", type_, name, source

    def abi_type(self) -> AbiType:
        return scalar(f"be{8 * self.size}" if self.is_swapped else self.name)

    def number_type(self) -> AbiType:
        if self.is_swapped:
            raise KitError("a number in network order can't be added up", hint="ntohs() or ntohl() around it")
        return self.abi_type()

    def key(self) -> AggregateKey:
        if self.is_swapped:
            raise KitError("a number in network order as a key", hint="ntohs() or ntohl() around it")
        return number_key(self.signed, self.abi_type())

    def kept_type(self, node: typed.Node) -> Type:
        return c_types.unqualified(node.type)

    def printf(self, value: C) -> tuple[str, C]:
        return number_format(self.signed, value)


KIND = IntegerField


def number_key(signed: bool, own: AbiType) -> AggregateKey:
    """The key for a number: 64 bits, with the labels of its own type."""
    plain = "s64" if signed else "u64"
    return AggregateKey("SIGNED" if signed else "UNSIGNED", AbiType(plain, f"__{plain}", 8, 8, labels=own.labels))


def number_format(signed: bool, value: C) -> tuple[str, C]:
    """How printf shows a number of any size."""
    return ("%lld", TypeCast("s64", value)) if signed else ("%llu", TypeCast("u64", value))


def is_network_order(type_: Type) -> bool:
    """Whether it is one of the kernel's `__be16`, `__be32`, `__be64` (include/uapi/linux/types.h)."""
    while isinstance(type_, Typedef | Qualified):
        if isinstance(type_, Typedef) and type_.name in ("__be16", "__be32", "__be64"):
            return True
        type_ = type_.target
    return False
