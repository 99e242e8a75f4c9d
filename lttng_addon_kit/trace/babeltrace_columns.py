# SPDX-License-Identifier: GPL-2.0-only
"""The columns of an event class of babeltrace2's: field classes -> columns, filled by functions made once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy
from bt2 import _native_bt as native
from bt2 import field_class as classes

from lttng_addon_kit.trace.column import Column, Field, ListArray, Values, offsets_of, text_array
from lttng_addon_kit.trace.field_classes import (
    Pointer,
    base_of,
    elements_getter,
    getter,
    labels_of,
    members_of,
    number_type,
    size_of,
)
from lttng_addon_kit.trace.text_reader import text_reader

Visit = Callable[[Pointer], None]


# Characters of text that count as one value: what a value takes in Python.
_CHARACTERS = 64


@dataclass
class HeldValues:
    """How many values are held in memory, about: an element of an array is one, long text several."""

    count: int = 0


@dataclass(frozen=True)
class _GrowingColumn:
    """A field's values while events are read; `finish` makes arrays of them.

    `rows` are the events that have one, None where all have.
    """

    field: Field
    finish: Callable[[list[Any]], Values]
    rows: list[int] | None
    values: list[Any] = dataclasses.field(default_factory=list)

    def column(self, known: Mapping[str, str] | None) -> Column:
        """What was read; `known` are the event's addresses, if they are known."""
        field = self.field if known is None else replace(self.field, address=known.get(self.field.name, ""))
        rows = None if self.rows is None else numpy.array(self.rows, dtype=numpy.int32)
        return Column(field, self.finish(self.values), rows)

    def clear(self) -> None:
        self.values.clear()
        if self.rows is not None:
            self.rows.clear()


@dataclass(frozen=True)
class EventColumns:
    """One event class: its columns, and `visits`, each of which reads one part of an event into them.

    `cycles` has an entry for each event that was read: its time by the stream's clock.
    """

    event: str
    cycles: list[int]
    visits: tuple[tuple[Callable[[Pointer], Pointer], Visit], ...]
    _fields: list[_GrowingColumn]
    _context: list[_GrowingColumn]
    _known: Mapping[str, str] | None

    @property
    def width(self) -> int:
        """How many values an event has, its time included."""
        return 1 + len(self._fields) + len(self._context)

    def finish(self) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
        """The fields' columns and those of the context, of the events read so far."""
        fields = tuple(each.column(self._known) for each in self._fields)
        return fields, tuple(each.column(None) for each in self._context)

    def clear(self) -> None:
        """Forget the events read so far."""
        self.cycles.clear()
        for column in (*self._fields, *self._context):
            column.clear()


def make_columns(event_class: Any, addresses: Mapping[str, Mapping[str, str]], held: HeldValues) -> EventColumns:
    """The columns of a bt2 event class.

    Args:
        addresses: by event, the fields that are known to be addresses.
        held: counts the values that arrays and texts are, beyond one for each.
    """
    name = event_class.name or f"event {event_class.id}"
    cycles: list[int] = []
    fields = _Maker(cycles, held)
    context = _Maker(cycles, held)
    scopes = (
        (event_class.payload_field_class, native.event_borrow_payload_field_const, fields),
        (event_class.specific_context_field_class, native.event_borrow_specific_context_field_const, context),
        (
            event_class.stream_class.event_common_context_field_class,
            native.event_borrow_common_context_field_const,
            context,
        ),
    )
    visits = tuple(
        (borrow, maker.visit_structure(field_class, "", False))
        for field_class, borrow, maker in scopes
        if field_class is not None and len(field_class)
    )
    return EventColumns(name, cycles, visits, fields.columns, context.columns, addresses.get(name))


class _Maker:
    """Makes columns, and what fills them; `optional` are those of a variant's options."""

    def __init__(self, cycles: list[int], held: HeldValues) -> None:
        self.columns: list[_GrowingColumn] = []
        self._cycles = cycles
        self._held = held

    def visit_structure(self, structure: Any, prefix: str, optional: bool) -> Visit:
        scalars = []
        others = []
        for index, name, member in members_of(structure):
            get = getter(member)
            if get is not None:
                scalars.append((index, get, self._add_scalar(f"{prefix}{name}", member, optional)))
            else:
                others.append((index, self._visit_other(member, f"{prefix}{name}", optional)))
        borrow = native.field_structure_borrow_member_field_by_index_const

        def visit(structure: Pointer) -> None:
            for index, get, append in scalars:
                append(get(borrow(structure, index)))
            for index, visit_member in others:
                visit_member(borrow(structure, index))

        return visit

    def _visit_other(self, field_class: Any, name: str, optional: bool) -> Visit:
        if isinstance(field_class, classes._StructureFieldClassConst):
            return self.visit_structure(field_class, f"{name}.", optional)
        if isinstance(field_class, classes._VariantFieldClassConst):
            return self._visit_variant(field_class, name)
        if isinstance(field_class, classes._ArrayFieldClassConst):
            return self._visit_array(field_class, name, optional)
        return lambda pointer: None  # a class that CTF 1.8 doesn't have

    def _visit_variant(self, variant: Any, name: str) -> Visit:
        visits = [self._visit_any(option.field_class, f"{name}.{label}") for label, option in variant.items()]
        selected = native.field_variant_get_selected_option_index
        borrow = native.field_variant_borrow_selected_option_field_const
        return lambda pointer: visits[selected(pointer)](borrow(pointer))

    def _visit_any(self, field_class: Any, name: str) -> Visit:
        get = getter(field_class)
        if get is None:
            return self._visit_other(field_class, name, True)
        append = self._add_scalar(name, field_class, True)
        return lambda pointer: append(get(pointer))

    def _visit_array(self, array: Any, name: str, optional: bool) -> Visit:
        element = array.element_field_class
        get = getter(element)
        bits, signed = size_of(element)
        kind = _kind(element) if get else "text"
        field = Field(name, "array", base_of(element), labels_of(element), None, bits, signed, kind)
        finish = _lists_of(text_array if get is None else _values_of(element))
        append = self._add(field, finish, optional)
        elements_of = elements_getter(get or text_reader(element))
        return lambda pointer: append(self._hold(elements_of(pointer), 1))

    def _add_scalar(self, name: str, field_class: Any, optional: bool) -> Callable[[Any], None]:
        field = Field(
            name, _kind(field_class), base_of(field_class), labels_of(field_class), None, *size_of(field_class)
        )
        append = self._add(field, _values_of(field_class), optional)
        is_text = isinstance(field_class, classes._StringFieldClassConst)
        return (lambda text: append(self._hold(text, _CHARACTERS))) if is_text else append

    def _hold(self, value: Any, parts: int) -> Any:
        """The value; what has many parts counts as many values."""
        self._held.count += len(value) // parts
        return value

    def _add(self, field: Field, finish: Callable[[list[Any]], Values], optional: bool) -> Callable[[Any], None]:
        rows: list[int] | None = [] if optional else None
        column = _GrowingColumn(field, finish, rows)
        self.columns.append(column)
        append = column.values.append
        if rows is None:
            return append
        cycles = self._cycles

        def append_with_row(value: Any) -> None:
            rows.append(len(cycles) - 1)
            append(value)

        return append_with_row


def _values_of(field_class: Any) -> Callable[[list[Any]], Any]:
    """What makes an array of values of a class."""
    if isinstance(field_class, classes._StringFieldClassConst):
        return text_array
    kind = number_type(field_class)
    return lambda values: numpy.array(values, dtype=kind)


def _lists_of(elements: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Values]:
    """What makes lists, `elements` making an array of all their elements."""
    return lambda lists: ListArray(offsets_of([len(each) for each in lists]), elements(list(chain(*lists))))


def _kind(field_class: Any) -> str:
    if isinstance(field_class, classes._EnumerationFieldClassConst):
        return "enum"
    if isinstance(field_class, classes._IntegerFieldClassConst):
        return "wide" if field_class.field_value_range == 64 and base_of(field_class) == 16 else "integer"
    if isinstance(field_class, classes._StringFieldClassConst):
        return "text"
    return "boolean" if isinstance(field_class, classes._BoolFieldClassConst) else "float"
