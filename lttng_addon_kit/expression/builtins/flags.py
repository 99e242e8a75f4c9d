# SPDX-License-Identifier: GPL-2.0-only
"""flags(x, LABEL) and bits(x, LABEL): a number whose bits one of the kernel's enums names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C
from lttng_addon_kit.expression.c.compute import compute, value
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.fields.field_table import kind_of
from lttng_addon_kit.expression.fields.flags_field import FlagsField
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_number
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Enum, strip

# Integers have no more bits.
_MOST_BITS = 64


@dataclass(frozen=True)
class Flags(typed.FunctionValue):
    """A number, and a name for each of its bits that has one."""

    makes_field = True

    value: typed.Node
    labels: tuple[tuple[str, int], ...]
    called: str

    @property
    def function(self) -> str:
        return self.called


def _flags(use: Use) -> typed.Node:
    enum = _enum(use, "flags")
    values = {number for _, number in enum.values}
    if values and values == set(range(len(values))) and max(values) > 2:
        raise _wrong(use, enum, "bits", "has the numbers of bits, not flags")
    return _named(use, "flags", lambda number: number if number.bit_count() == 1 else None)


def _bits(use: Use) -> typed.Node:
    enum = _enum(use, "bits")
    if any(number >= _MOST_BITS for _, number in enum.values):
        raise _wrong(use, enum, "flags", "has flags, not the numbers of bits")
    return _named(use, "bits", lambda number: 1 << number)


def _enum(use: Use, function: str) -> Enum:
    number, label = use.arguments
    check_number(number, function, use.scope.kernel)
    enum = strip(label.type)
    if not isinstance(label, typed.Constant) or not isinstance(enum, Enum):
        raise ExpressionError(
            f"{function} takes one of the labels of the enum that has the names", label.span, hint="as IFF_UP"
        )
    return enum


def _wrong(use: Use, enum: Enum, right: str, reason: str) -> ExpressionError:
    name = f"enum {enum.name}" if enum.name else "the enum of this label"
    return ExpressionError(f"{name} {reason}", use.arguments[1].span, hint=f"write {right}(x, LABEL)")


def _named(use: Use, function: str, mask_of: Callable[[int], int | None]) -> typed.Node:
    """The value with a label for each bit; of several for one bit the first."""
    number, label = use.arguments
    plain = c_types.number(number.type)
    enum = strip(label.type)
    assert plain is not None
    assert isinstance(enum, Enum)
    labels: dict[int, str] = {}
    for name, each in enum.values:
        mask = mask_of(each) if each >= 0 else None
        if mask is not None and mask < 1 << 8 * plain.size:
            labels.setdefault(mask, name)
    if not labels:
        raise ExpressionError(f"no flag of this enum fits {c_types.words(number.type)}", label.span)
    type_ = c_types.UNSIGNED_BY_SIZE[plain.size]
    return Flags(type_, use.span, number, tuple((name, mask) for mask, name in labels.items()), function)


FUNCTIONS = (
    LanguageFunction("flags(x, LABEL)", 2, 2, _flags),
    LanguageFunction("bits(x, LABEL)", 2, 2, _bits),
)


@compute.register
def _value(node: Flags, place: Place) -> C:
    return value(node.value, place)


@kind_of.register
def _kind(node: Flags, scope: Scope) -> FlagsField:
    plain = c_types.number(node.type)
    assert plain is not None
    return FlagsField(plain.size, False, labels=node.labels)
