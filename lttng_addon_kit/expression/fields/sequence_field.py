# SPDX-License-Identifier: GPL-2.0-only
"""Sequences: integers whose number is a value of its own."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kind import FieldKind, WantedField
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.typing import typed


@dataclass(frozen=True)
class SequenceValue(typed.FunctionValue):
    """What a function gives that is recorded as a sequence; it writes its own data and length."""

    makes_field = True

    @abstractmethod
    def lower(self, name: str, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        """The two arguments: the data, and how many elements."""


@dataclass(frozen=True)
class SequenceField(FieldKind):
    """Up to `limit` integers."""

    element: IntegerField
    limit: int

    @property
    def words(self) -> str:
        return f"at most {self.limit} times {self.element.words}"

    def lower(self, wanted: WantedField, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        assert isinstance(wanted.value, SequenceValue)
        return wanted.value.lower(wanted.name, writer)

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        element, length = self.element, arguments[1].name
        return f"ctf_sequence{element.macro_suffix}", element.c_type, name, arguments[0].name, "u32", length

    def abi_type(self) -> AbiType:
        raise KitError("a record has a fixed size, and bytes() has none; index or cast an array")
