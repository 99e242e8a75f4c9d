# SPDX-License-Identifier: GPL-2.0-only
"""Sets of flags: integers, each of whose bits has a name."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.expression.fields.field_kind import Base, Enumeration
from lttng_addon_kit.expression.fields.field_writer import ProbeArgument
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import typed


@dataclass(frozen=True)
class FlagsField(IntegerField):
    """An enumeration whose labels are single bits: readers of traces show the names of those that are set."""

    labels: tuple[tuple[str, int], ...] = ()

    @property
    def words(self) -> str:
        return f"{self.name}, {len(self.labels)} flags"

    def with_base(self, base: Base, node: typed.Node) -> IntegerField:
        raise ExpressionError("flags are shown by their names", node.span, hint="remove 'base'")

    def ctf_macro(self, event: str, name: str, arguments: tuple[ProbeArgument, ...]) -> tuple[str, ...]:
        return "ctf_enum", f"{event}_{name}", self.c_type, name, arguments[0].name

    def enumeration(self, event: str, name: str) -> Enumeration | None:
        return Enumeration(f"{event}_{name}", self.labels)
