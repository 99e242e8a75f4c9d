# SPDX-License-Identifier: GPL-2.0-only
"""bytes(pointer, length[, max]): as many bytes as a value says, at most `max`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lttng_addon_kit.expression.builtins.user import user_address
from lttng_addon_kit.expression.c.c_tree import (
    NULL,
    ZERO,
    C,
    Identifier,
    If,
    NumberLiteral,
    assign,
    call,
    number,
)
from lttng_addon_kit.expression.c.compute import value as value_of
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.c.reads import read_call
from lttng_addon_kit.expression.fields.field_table import kind_of
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument, Reached, has_elements
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.fields.sequence_field import SequenceField, SequenceValue
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_in_kernel
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY, MOST_BYTES
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.expression.typing.user_memory import is_user_address
from lttng_addon_kit.kernel.types import Array, Pointer, Qualified, strip

_DATA = Pointer(Qualified("const", c_types.U8))


@dataclass(frozen=True)
class Bytes(SequenceValue):
    """`length` bytes from `pointer` on, at most `limit`."""

    pointer: typed.Node
    length: typed.Node
    limit: int

    @property
    def function(self) -> str:
        return "user_bytes" if is_user_address(self.pointer) else "bytes"

    def lower(self, name: str, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        place = writer.place()
        pointer = followed(self.pointer, place)
        length = value_of(self.length, place)
        conditions = writer.settled(place)
        length = Reached(self._bounded(length, writer), conditions).otherwise(ZERO)
        is_copied = writer.body.scope.nofault or is_user_address(self.pointer)
        if is_copied or not isinstance(length, NumberLiteral):
            length = writer.in_local(f"{name}_length", c_types.SIZE, length)
        if is_copied:
            data = self._copied(name, pointer, length, writer)
        else:
            data = pointer if has_elements(self.pointer.type, c_types.U8) else writer.cast(pointer, _DATA)
            if not isinstance(pointer, Identifier):
                data = Reached(data, conditions).otherwise(NULL)
        return writer.argument(name, _DATA, data), writer.argument(f"{name}_length", c_types.SIZE, length)

    def _bounded(self, length: C, writer: FieldWriter) -> C:
        plain = c_types.number(self.length.type)
        assert plain is not None
        if isinstance(self.length, typed.Constant):
            return number(min(self.length.value, self.limit))
        writer.body.headers.add("linux/minmax.h")
        if plain.signed:
            return call("clamp_t", Identifier("long"), length, ZERO, number(self.limit))
        return call("min_t", Identifier("size_t"), length, number(self.limit))

    def _copied(self, name: str, pointer: C, length: C, writer: FieldWriter) -> C:
        assert isinstance(length, Identifier)
        body = writer.body
        copy = Identifier(body.names.fresh(f"{name}_bytes"))
        body.declare(copy.name, Array(c_types.U8, self.limit))
        failed = read_call(copy, pointer, length, body, from_user=is_user_address(self.pointer))
        writer.statements.append(If(failed, assign(length.name, ZERO)))
        return copy


def _bytes(use: Use) -> typed.Node:
    check_in_kernel(use.arguments[0], "use user_bytes")
    return _read(use, LONGEST_COPY if use.scope.nofault else MOST_BYTES)


def _user_bytes(use: Use) -> typed.Node:
    pointer, *others = use.arguments
    return _read(replace(use, arguments=(user_address(pointer), *others)), LONGEST_COPY)


def _read(use: Use, most: int) -> typed.Node:
    value, length = use.arguments[:2]
    if c_types.pointer(c_types.decayed(value.type)) is None or isinstance(value, typed.TextConstant):
        raise ExpressionError(f"bytes takes a pointer or an array, but this is {c_types.words(value.type)}", value.span)
    if c_types.number(length.type) is None:
        raise ExpressionError(f"a length is a number, but this is {c_types.words(length.type)}", length.span)
    return Bytes(Array(c_types.U8, limit := _limit(use, most)), use.span, value, length, limit)


def _limit(use: Use, most: int) -> int:
    value, length = use.arguments[:2]
    if len(use.arguments) == 3:
        limit = limit_of(use.arguments[2], most, "max")
    else:
        limit = LONGEST_COPY if constant_value(length) is None else limit_of(length, most, "length")
    plain = strip(value.type)
    if isinstance(plain, Array) and plain.length:
        limit = min(limit, plain.length * use.scope.kernel.size_of(plain.element))
    return limit


FUNCTIONS = (
    LanguageFunction("bytes(pointer, length[, max])", 2, 3, _bytes),
    LanguageFunction("user_bytes(pointer, length[, max])", 2, 3, _user_bytes),
)


@kind_of.register
def _kind(node: Bytes, scope: Scope) -> SequenceField:
    return SequenceField(IntegerField(1, False, 16), node.limit)
