# SPDX-License-Identifier: GPL-2.0-only
"""A column as the decoder fills it, and as the rest of the kit takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy

from lttng_addon_kit.trace.column import Column, Field, ListArray, TextArray, Values
from lttng_addon_kit.trace.own.step import packed_column

_NO_OFFSETS = numpy.zeros(1, dtype=numpy.int32)


@dataclass(frozen=True)
class ColumnPlan:
    """A field's column: numbers of a type; with `is_list` several a value, with `is_text` the bytes of text.

    `is_optional`: not all events have a value.
    """

    field: Field
    number_type: str
    is_list: bool = False
    is_text: bool = False
    is_optional: bool = False

    def packed(self) -> bytes:
        """As the decoder is told."""
        return packed_column(int(self.number_type[1:]), self.is_list or self.is_text, self.is_optional)

    def column(self, taken: tuple[bytes, bytes, bytes], known: Mapping[str, str] | None) -> Column:
        """The column that was filled; `known` are the addresses among the event's fields, if they are known."""
        data, offsets, rows = taken
        field = self.field if known is None else replace(self.field, address=known.get(self.field.name, ""))
        filled = numpy.frombuffer(rows, dtype=numpy.int32) if self.is_optional else None
        return Column(field, self._values(data, offsets), filled)

    def _values(self, data: bytes, offsets: bytes) -> Values:
        if not self.is_list and not self.is_text:
            return numpy.frombuffer(data, dtype=self.number_type)
        ends = numpy.frombuffer(offsets, dtype=numpy.int32) if offsets else _NO_OFFSETS
        return TextArray(ends, data) if self.is_text else ListArray(ends, numpy.frombuffer(data, self.number_type))
