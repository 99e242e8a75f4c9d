"""bytes(pointer, length[, max]): as many bytes as a value says, at most `max`."""

from __future__ import annotations

from dataclasses import dataclass

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
from lttng_addon_kit.expression.fields.field_table import kind_of
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument, Reached, has_elements
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.fields.sequence_field import SequenceField, SequenceValue
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import check_followed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.limits import LONGEST_COPY, MOST_BYTES
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Pointer, Qualified, strip

_DATA = Pointer(Qualified("const", c_types.U8))


@dataclass(frozen=True)
class Bytes(SequenceValue):
    """`length` bytes from `pointer` on, at most `limit`."""

    pointer: typed.Node
    length: typed.Node
    limit: int

    def lower(self, name: str, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        place = writer.place()
        pointer = followed(self.pointer, place)
        length = value_of(self.length, place)
        conditions = writer.settled(place)
        length = Reached(self._bounded(length, writer), conditions).otherwise(ZERO)
        nofault = writer.body.scope.nofault
        if nofault or not isinstance(length, NumberLiteral):
            length = writer.in_local(f"{name}_length", c_types.SIZE, length)
        if nofault:
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
        body.headers.add("linux/uaccess.h")
        copy = Identifier(body.names.fresh(f"{name}_bytes"))
        body.declare(copy.name, Array(c_types.U8, self.limit))
        failed = call("copy_from_kernel_nofault", copy, pointer, length, writes=True)
        writer.statements.append(If(failed, assign(length.name, ZERO)))
        return copy


def _give(use: Use) -> typed.Node:
    value, length = use.arguments[:2]
    if c_types.pointer(c_types.decayed(value.type)) is None or isinstance(value, typed.TextConstant):
        raise ExpressionError(f"bytes takes a pointer or an array, but this is {c_types.words(value.type)}", value.span)
    check_followed(value, "only texts can be read from there, by user_text")
    if c_types.number(length.type) is None:
        raise ExpressionError(f"a length is a number, but this is {c_types.words(length.type)}", length.span)
    return Bytes(Array(c_types.U8, limit := _limit(use)), use.span, value, length, limit)


def _limit(use: Use) -> int:
    value, length = use.arguments[:2]
    most = LONGEST_COPY if use.scope.nofault else MOST_BYTES
    if len(use.arguments) == 3:
        limit = limit_of(use.arguments[2], most, "max")
    else:
        limit = LONGEST_COPY if constant_value(length) is None else limit_of(length, most, "length")
    plain = strip(value.type)
    if isinstance(plain, Array) and plain.length:
        limit = min(limit, plain.length * use.scope.kernel.size_of(plain.element))
    return limit


FUNCTIONS = (LanguageFunction("bytes(pointer, length[, max])", 2, 3, _give),)


@kind_of.register
def _kind(node: Bytes, scope: Scope) -> SequenceField:
    return SequenceField(IntegerField(1, False, 16), node.limit)
