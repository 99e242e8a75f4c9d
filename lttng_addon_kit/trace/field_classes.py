# SPDX-License-Identifier: GPL-2.0-only
"""What babeltrace2's field classes say, and the plain function that reads a field of each.

Fields are read over babeltrace2's C interface as its Python package wraps it (`bt2._native_bt`): building bt2's field
objects would cost five times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import numpy
from bt2 import _native_bt as native
from bt2 import field_class as classes

Pointer = Any  # a borrowed C pointer, as SWIG wraps it


def members_of(structure: Any) -> Iterator[tuple[int, str, Any]]:
    """Index, name, class of a structure's members, without the hidden lengths of sequences.

    LTTng precedes a sequence NAME, or a text of given length, by an integer _NAME_length
    (lttng/tracepoint-event-impl.h).
    """
    sized = (classes._DynamicArrayFieldClassConst, classes._StringFieldClassConst)
    hidden = {f"_{name}_length" for name, member in structure.items() if isinstance(member.field_class, sized)}
    for index, (name, member) in enumerate(structure.items()):
        if name not in hidden:
            yield index, name, member.field_class


def getter(field_class: Any) -> Callable[[Pointer], Any] | None:
    """The function that reads a field's value; None where a field is not one value."""
    if isinstance(field_class, classes._UnsignedIntegerFieldClassConst):
        return native.field_integer_unsigned_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._SignedIntegerFieldClassConst):
        return native.field_integer_signed_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._StringFieldClassConst):
        return _text
    if isinstance(field_class, classes._BoolFieldClassConst):
        return native.field_bool_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._SinglePrecisionRealFieldClassConst):
        return native.field_real_single_precision_get_value  # type: ignore[no-any-return]
    if isinstance(field_class, classes._DoublePrecisionRealFieldClassConst):
        return native.field_real_double_precision_get_value  # type: ignore[no-any-return]
    return None


def _text(field: Pointer) -> str:
    """A text: where it is empty, babeltrace2 2.0 leaves an earlier event's (review.lttng.org/c/babeltrace/+/4528)."""
    return native.field_string_get_value(field) if native.field_string_get_length(field) else ""


def elements_getter(get: Callable[[Pointer], Any]) -> Callable[[Pointer], tuple[Any, ...]]:
    """The function that reads an array's elements, `get` reading one."""
    length_of = native.field_array_get_length
    borrow = native.field_array_borrow_element_field_by_index_const
    return lambda array: tuple(map(get, map(borrow, repeat(array), range(length_of(array)))))


def number_type(field_class: Any) -> numpy.dtype[Any]:
    """The type of numbers of a class, of the least size that holds them all."""
    if isinstance(field_class, classes._IntegerFieldClassConst):
        size = max(1, 1 << (field_class.field_value_range - 1).bit_length() >> 3)
        signed = isinstance(field_class, classes._SignedIntegerFieldClassConst)
        return numpy.dtype(f"{'i' if signed else 'u'}{size}")
    if isinstance(field_class, classes._BoolFieldClassConst):
        return numpy.dtype(numpy.bool_)
    return numpy.dtype("f4" if isinstance(field_class, classes._SinglePrecisionRealFieldClassConst) else "f8")


def base_of(field_class: Any) -> int:
    """The base that a field's integers are to be shown in."""
    return int(field_class.preferred_display_base) if isinstance(field_class, classes._IntegerFieldClassConst) else 10


def size_of(field_class: Any) -> tuple[int, bool]:
    """The bits of a field's numbers, and whether they have a sign."""
    if isinstance(field_class, classes._IntegerFieldClassConst):
        return field_class.field_value_range, isinstance(field_class, classes._SignedIntegerFieldClassConst)
    return (32 if isinstance(field_class, classes._SinglePrecisionRealFieldClassConst) else 64), True


def labels_of(field_class: Any) -> tuple[tuple[str, int, int], ...]:
    """An enumeration's labels, each with its lowest and highest value; of others none."""
    if not isinstance(field_class, classes._EnumerationFieldClassConst):
        return ()
    return tuple(
        (label, bounds.lower, bounds.upper) for label, mapping in field_class.items() for bounds in mapping.ranges
    )
