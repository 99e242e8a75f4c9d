# SPDX-License-Identifier: GPL-2.0-only
"""The statistics of a column, by what its field is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy

from lttng_addon_kit.trace.column import Field, ListArray, TextArray
from lttng_addon_kit.trace.model import Arrays, FieldSummary, TextValues
from lttng_addon_kit.trace.native import hash_texts
from lttng_addon_kit.trace.number_counts import Array, bits_of
from lttng_addon_kit.trace.rendering import array_text, enum_label, kept_array
from lttng_addon_kit.trace.statistics import NumberStatistics, ValueStatistics, WideStatistics
from lttng_addon_kit.trace.value_counts import Bits, Room


class ColumnStatistics(Protocol):
    """Statistics over the columns of one field; `add` takes the values of such a column."""

    def add(self, values: Any) -> None: ...

    def merge(self, other: Any) -> None: ...

    def result(self) -> FieldSummary: ...


class TextStatistics:
    """Texts."""

    def __init__(self, room: Room) -> None:
        self._values = ValueStatistics("text", room)

    def add(self, values: TextArray) -> None:
        """Count these texts."""
        self._values.add(_hashes(values), values.__getitem__)

    def merge(self, other: TextStatistics) -> None:
        self._values.merge(other._values)

    def result(self) -> TextValues:
        return self._values.result()


class LabelStatistics:
    """Numbers that are shown by a label: those of enumerations, true and false."""

    def __init__(self, kind: str, label: Callable[[int], str], room: Room) -> None:
        self._label = label
        self._values = ValueStatistics(kind, room)

    def add(self, values: Array) -> None:
        """Count these numbers."""
        self._values.add(bits_of(values), lambda row: self._label(values[row].item()))

    def merge(self, other: LabelStatistics) -> None:
        self._values.merge(other._values)

    def result(self) -> TextValues:
        return self._values.result()


class ArrayStatistics:
    """Arrays: their lengths, and their contents."""

    def __init__(self, field: Field, room: Room) -> None:
        self._text = array_text(field)
        self._lengths = NumberStatistics("integer", 10, room)
        self._contents = ValueStatistics("text", room)

    def add(self, values: ListArray) -> None:
        """Count these arrays."""
        self._lengths.add(numpy.diff(values.offsets))
        self._contents.add(_hashes(values), lambda row: self._text(kept_array(values[row])))

    def merge(self, other: ArrayStatistics) -> None:
        self._lengths.merge(other._lengths)
        self._contents.merge(other._contents)

    def result(self) -> Arrays:
        lengths, contents = self._lengths.result(), self._contents.result()
        return Arrays(lengths.count, lengths.exact and contents.exact, lengths, contents.distinct, contents.top)


def column_statistics(field: Field, room: Room) -> ColumnStatistics:
    """Statistics that suit a field."""
    match field.kind:
        case "integer" | "float":
            return NumberStatistics(field.kind, field.base, room)
        case "wide":
            return WideStatistics(None if field.address is None else field.address == "pointer", room)
        case "enum":
            return LabelStatistics(field.kind, enum_label(field.labels), room)
        case "array":
            return ArrayStatistics(field, room)
        case "boolean":
            return LabelStatistics(field.kind, lambda value: "true" if value else "false", room)
        case _:
            return TextStatistics(room)


def _hashes(values: TextArray | ListArray) -> Bits:
    """What stands for each text or list: equal ones have equal hashes."""
    if isinstance(values, TextArray):
        return _of_parts(values.offsets, values.data, 1)
    elements = values.elements
    if isinstance(elements, TextArray):
        return _of_parts(values.offsets, _hashes(elements), 8)
    return _of_parts(values.offsets, elements, elements.itemsize)


def _of_parts(offsets: Array, data: Any, size: int) -> Bits:
    return numpy.frombuffer(hash_texts(offsets * numpy.int32(size) if size > 1 else offsets, data), dtype=numpy.uint64)
