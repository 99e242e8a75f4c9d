"""What an event consists of, as the trace describes it: field classes -> fields, and how each is read.

Reading is done by plain functions made once for each event class, over babeltrace2's C interface as its
Python package wraps it (`bt2._native_bt`): building bt2's field objects would cost five times as much.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bt2 import _native_bt as native
from bt2 import field_class as classes

Pointer = Any  # a borrowed C pointer, as SWIG wraps it
Visit = Callable[[Pointer], None]

# Arrays of up to this many elements are kept whole; of longer ones only the length is.
SHORT_ARRAY = 16


@dataclass(frozen=True)
class Field:
    """One field of an event, structures spelled out with dots.

    `kind` is integer, float, boolean, pointer, enum, text or array; `base` is the base that integers (of an
    array too) are shown in; `labels` are an enumeration's: (label, lowest, highest) value. `address` is the kind of
    address that an array is (ip4, ip6, mac), "" if it is none, None if that isn't known.
    """

    name: str
    kind: str
    base: int = 10
    labels: tuple[tuple[str, int, int], ...] = ()
    address: str | None = None


@dataclass(frozen=True)
class Column:
    """A field and its values in a batch of events: int, float or str, and (length, elements) for arrays.

    `elements` is a tuple, or None for an array longer than `SHORT_ARRAY` or of something that isn't a value.
    """

    field: Field
    values: list[Any] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class EventLayout:
    """One event class: its columns, and `visits`, each of which reads one part of an event into them."""

    event: str
    fields: tuple[Column, ...]
    context: tuple[Column, ...]
    visits: tuple[tuple[Callable[[Pointer], Pointer], Visit], ...]
    cycles: list[int] = dataclasses.field(default_factory=list)

    def clear(self) -> None:
        """Forget the events read so far."""
        self.cycles.clear()
        for column in (*self.fields, *self.context):
            column.values.clear()


def make_layout(event_class: Any, addresses: Mapping[str, Mapping[str, str]]) -> EventLayout:
    """The layout of a bt2 event class; `addresses` has, by event, the fields that are known to be addresses."""
    name = event_class.name or f"event {event_class.id}"
    fields: list[Column] = []
    context: list[Column] = []
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
        fields = [Column(replace(each.field, address=known.get(each.field.name, "")), each.values) for each in fields]
    return EventLayout(name, tuple(fields), tuple(context), visits)


def _visit_structure(structure: Any, prefix: str, columns: list[Column]) -> Visit:
    scalars = []
    others = []
    for index, name, member in _members(structure):
        get = _getter(member)
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


def _members(structure: Any) -> Iterator[tuple[int, str, Any]]:
    """Index, name, class of a structure's members, without the hidden lengths of sequences.

    LTTng precedes a sequence NAME by an integer _NAME_length (lttng/tracepoint-event-impl.h).
    """
    hidden = {
        f"_{name}_length"
        for name, member in structure.items()
        if isinstance(member.field_class, classes._DynamicArrayFieldClassConst)
    }
    for index, (name, member) in enumerate(structure.items()):
        if name not in hidden:
            yield index, name, member.field_class


def _visit_other(field_class: Any, name: str, columns: list[Column]) -> Visit:
    if isinstance(field_class, classes._StructureFieldClassConst):
        return _visit_structure(field_class, f"{name}.", columns)
    if isinstance(field_class, classes._VariantFieldClassConst):
        return _visit_variant(field_class, name, columns)
    if isinstance(field_class, classes._ArrayFieldClassConst):
        return _visit_array(field_class, name, columns)
    return lambda pointer: None  # a class that CTF 1.8 doesn't have


def _visit_variant(variant: Any, name: str, columns: list[Column]) -> Visit:
    visits = [_visit_any(option.field_class, f"{name}.{label}", columns) for label, option in variant.items()]
    selected = native.field_variant_get_selected_option_index
    borrow = native.field_variant_borrow_selected_option_field_const
    return lambda pointer: visits[selected(pointer)](borrow(pointer))


def _visit_any(field_class: Any, name: str, columns: list[Column]) -> Visit:
    get = _getter(field_class)
    if get is None:
        return _visit_other(field_class, name, columns)
    append = _new_column(name, field_class, columns)
    return lambda pointer: append(get(pointer))


def _visit_array(array: Any, name: str, columns: list[Column]) -> Visit:
    element_class = array.element_field_class
    get = _getter(element_class)
    column = Column(Field(name, "array", _base(element_class), _labels(element_class)))
    columns.append(column)
    append = column.values.append
    length_of = native.field_array_get_length
    borrow = native.field_array_borrow_element_field_by_index_const

    def visit(pointer: Pointer) -> None:
        length = length_of(pointer)
        if get is None or length > SHORT_ARRAY:
            append((length, None))
        else:
            append((length, tuple(get(borrow(pointer, index)) for index in range(length))))

    return visit


def _new_column(name: str, field_class: Any, columns: list[Column]) -> Callable[[Any], None]:
    column = Column(Field(name, _kind(field_class), _base(field_class), _labels(field_class)))
    columns.append(column)
    return column.values.append


def _getter(field_class: Any) -> Callable[[Pointer], Any] | None:
    """The function that reads a field's value; None where a field is not one value."""
    if isinstance(field_class, classes._UnsignedIntegerFieldClassConst):
        return native.field_integer_unsigned_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._SignedIntegerFieldClassConst):
        return native.field_integer_signed_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._StringFieldClassConst):
        return native.field_string_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._BoolFieldClassConst):
        return native.field_bool_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._SinglePrecisionRealFieldClassConst):
        return native.field_real_single_precision_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._DoublePrecisionRealFieldClassConst):
        return native.field_real_double_precision_get_value  # type: ignore[no-any-return]
    return None


def _kind(field_class: Any) -> str:
    if isinstance(field_class, classes._EnumerationFieldClassConst):
        return "enum"
    if isinstance(field_class, classes._IntegerFieldClassConst):
        # Nothing in CTF 1.8 marks a pointer; LTTng shows them in hexadecimal, and flags are narrower.
        return "pointer" if field_class.field_value_range == 64 and _base(field_class) == 16 else "integer"
    if isinstance(field_class, classes._StringFieldClassConst):
        return "text"
    return "boolean" if isinstance(field_class, classes._BoolFieldClassConst) else "float"


def _base(field_class: Any) -> int:
    return int(field_class.preferred_display_base) if isinstance(field_class, classes._IntegerFieldClassConst) else 10


def _labels(field_class: Any) -> tuple[tuple[str, int, int], ...]:
    if not isinstance(field_class, classes._EnumerationFieldClassConst):
        return ()
    return tuple(
        (label, bounds.lower, bounds.upper) for label, mapping in field_class.items() for bounds in mapping.ranges
    )
