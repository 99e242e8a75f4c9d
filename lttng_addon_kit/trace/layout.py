# SPDX-License-Identifier: GPL-2.0-only
"""What an event consists of, as the trace describes it: field classes -> fields, read by functions made once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bt2 import _native_bt as native
from bt2 import field_class as classes

from lttng_addon_kit.trace.column import Column, Field, LongArray
from lttng_addon_kit.trace.field_classes import (
    Pointer,
    base_of,
    elements_getter,
    getter,
    labels_of,
    members_of,
    size_of,
)
from lttng_addon_kit.trace.kept_text import bound, digest
from lttng_addon_kit.trace.text_reader import text_reader

Visit = Callable[[Pointer], None]

# Of longer arrays only so many elements are kept; a digest tells them apart.
_KEPT_ELEMENTS = 64


@dataclass(frozen=True)
class EventLayout:
    """One event class: its columns, and `visits`, each of which reads one part of an event into them.

    `cycles` has an entry for each event that was read: its time by the stream's clock.
    """

    event: str
    fields: tuple[Column, ...]
    context: tuple[Column, ...]
    visits: tuple[tuple[Callable[[Pointer], Pointer], Visit], ...]
    cycles: list[int] = dataclasses.field(default_factory=list)

    @property
    def width(self) -> int:
        """How many values an event has, its time included."""
        return 1 + len(self.fields) + len(self.context)

    def clear(self) -> None:
        """Forget the events read so far."""
        self.cycles.clear()
        for column in (*self.fields, *self.context):
            column.values.clear()


class _Columns(list[Column]):
    """An event's columns so far; those of `whole` values keep all of a text or an array."""

    def __init__(self, whole: bool) -> None:
        super().__init__()
        self.whole = whole


def make_layout(event_class: Any, addresses: Mapping[str, Mapping[str, str]], whole: bool = False) -> EventLayout:
    """The layout of a bt2 event class.

    Args:
        addresses: by event, the fields that are known to be addresses.
        whole: keep all of long texts and arrays, and give every column a value (None) for every event.
    """
    name = event_class.name or f"event {event_class.id}"
    fields, context = _Columns(whole), _Columns(whole)
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
        (borrow, _visit_structure(field_class, "", columns))
        for field_class, borrow, columns in scopes
        if field_class is not None and len(field_class)
    )
    if name in addresses:
        known = addresses[name]
        fields[:] = [
            Column(replace(each.field, address=known.get(each.field.name, "")), each.values) for each in fields
        ]
    return EventLayout(name, tuple(fields), tuple(context), visits)


def _visit_structure(structure: Any, prefix: str, columns: _Columns) -> Visit:
    scalars = []
    others = []
    for index, name, member in members_of(structure):
        get = getter(member)
        if get is not None:
            scalars.append((index, get, _new_column(f"{prefix}{name}", member, columns)))
        else:
            others.append((index, _visit_other(member, f"{prefix}{name}", columns)))
    borrow = native.field_structure_borrow_member_field_by_index_const

    def visit(structure: Pointer) -> None:
        for index, get, append in scalars:
            append(get(borrow(structure, index)))
        for index, visit_member in others:
            visit_member(borrow(structure, index))

    return visit


def _visit_other(field_class: Any, name: str, columns: _Columns) -> Visit:
    if isinstance(field_class, classes._StructureFieldClassConst):
        return _visit_structure(field_class, f"{name}.", columns)
    if isinstance(field_class, classes._VariantFieldClassConst):
        return _visit_variant(field_class, name, columns)
    if isinstance(field_class, classes._ArrayFieldClassConst):
        return _visit_array(field_class, name, columns)
    return lambda pointer: None  # a class that CTF 1.8 doesn't have


def _visit_variant(variant: Any, name: str, columns: _Columns) -> Visit:
    first = len(columns)
    visits, ends = [], []
    for label, option in variant.items():
        visits.append(_visit_any(option.field_class, f"{name}.{label}", columns))
        ends.append(len(columns))
    selected = native.field_variant_get_selected_option_index
    borrow = native.field_variant_borrow_selected_option_field_const
    if not columns.whole:
        return lambda pointer: visits[selected(pointer)](borrow(pointer))
    own = [columns[begin:end] for begin, end in pairwise((first, *ends))]
    others = [[each for at, part in enumerate(own) if at != index for each in part] for index in range(len(own))]

    def visit(pointer: Pointer) -> None:
        index = selected(pointer)
        visits[index](borrow(pointer))
        for column in others[index]:
            column.values.append(None)

    return visit


def _visit_any(field_class: Any, name: str, columns: _Columns) -> Visit:
    get = getter(field_class)
    if get is None:
        return _visit_other(field_class, name, columns)
    append = _new_column(name, field_class, columns)
    return lambda pointer: append(get(pointer))


def _visit_array(array: Any, name: str, columns: _Columns) -> Visit:
    element_class = array.element_field_class
    get = getter(element_class)
    base, labels, (bits, signed) = base_of(element_class), labels_of(element_class), size_of(element_class)
    element = _kind(element_class) if get else "text"
    column = Column(Field(name, "array", base, labels, bits=bits, signed=signed, element=element))
    columns.append(column)
    append = column.values.append
    elements_of = elements_getter(get or text_reader(element_class))
    if columns.whole:
        return lambda pointer: append(elements_of(pointer))

    def visit(pointer: Pointer) -> None:
        elements = elements_of(pointer)
        if len(elements) > _KEPT_ELEMENTS:
            append(LongArray(len(elements), elements[:_KEPT_ELEMENTS], digest(elements)))
        else:
            append(elements)

    return visit


def _new_column(name: str, field_class: Any, columns: _Columns) -> Callable[[Any], None]:
    bits, signed = size_of(field_class)
    kind, base, labels = _kind(field_class), base_of(field_class), labels_of(field_class)
    column = Column(Field(name, kind, base, labels, bits=bits, signed=signed))
    columns.append(column)
    append = column.values.append
    return (lambda text: append(bound(text))) if kind == "text" and not columns.whole else append


def _kind(field_class: Any) -> str:
    if isinstance(field_class, classes._EnumerationFieldClassConst):
        return "enum"
    if isinstance(field_class, classes._IntegerFieldClassConst):
        return "wide" if field_class.field_value_range == 64 and base_of(field_class) == 16 else "integer"
    if isinstance(field_class, classes._StringFieldClassConst):
        return "text"
    return "boolean" if isinstance(field_class, classes._BoolFieldClassConst) else "float"
