# SPDX-License-Identifier: GPL-2.0-only
"""A field of an event, and its values in a batch of events, in the layouts of Arrow."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy
from numpy.typing import NDArray

Offsets = NDArray[numpy.int32]


@dataclass(frozen=True)
class Field:
    """One field of an event, structures spelled out with dots.

    `kind` is integer, wide (64 bits, shown in base 16: a pointer or not), float, boolean, enum, text or array; `base`
    is the base that integers (of an array too) are shown in; `labels` are an enumeration's: (label, lowest, highest)
    value. `address` is the kind of address that it is (ip4, ip6 and mac of an array, pointer of an integer), "" if it
    is none, None if that isn't known. `bits` and `signed` are a number's; an array's are those of its elements, whose
    kind is `element` ("text" where they aren't single values).
    """

    name: str
    kind: str
    base: int = 10
    labels: tuple[tuple[str, int, int], ...] = ()
    address: str | None = None
    bits: int = 64
    signed: bool = True
    element: str = ""


@dataclass(frozen=True)
class TextArray:
    """Texts: number `i` is `data[offsets[i]:offsets[i + 1]]`, as it was recorded, which should be UTF-8."""

    offsets: Offsets
    data: bytes

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        return as_text(self.data[self.offsets[index] : self.offsets[index + 1]])

    def tolist(self) -> list[str]:
        """The texts; a byte that is no UTF-8 becomes a lone surrogate."""
        data = self.data
        return [as_text(data[begin:end]) for begin, end in pairwise(self.offsets.tolist())]


@dataclass(frozen=True)
class ListArray:
    """Lists: number `i` is `elements[offsets[i]:offsets[i + 1]]`."""

    offsets: Offsets
    elements: NDArray[Any] | TextArray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        begin, end = self.offsets[index], self.offsets[index + 1]
        if isinstance(self.elements, TextArray):
            return tuple(self.elements[at] for at in range(begin, end))
        return tuple(self.elements[begin:end].tolist())

    def tolist(self) -> list[tuple[Any, ...]]:
        """The lists, each a tuple."""
        elements = self.elements.tolist()
        return [tuple(elements[begin:end]) for begin, end in pairwise(self.offsets.tolist())]


# Of the kinds text and array the latter two; of all others numbers as they were recorded, by size and sign.
Values = NDArray[Any] | TextArray | ListArray


@dataclass(frozen=True)
class Column:
    """A field and its values in a batch of events.

    `rows` are the events of the batch that have one, where it is an option of a variant; None: all have.
    """

    field: Field
    values: Values
    rows: NDArray[numpy.int32] | None = None

    def plain(self, count: int) -> list[Any]:
        """The values of all of so many events, as Python's own; None where an event has none."""
        values: list[Any] = self.values.tolist()
        if self.rows is None:
            return values
        found: list[Any] = [None] * count
        for row, value in zip(self.rows.tolist(), values, strict=True):
            found[row] = value
        return found


def as_text(recorded: bytes) -> str:
    """Recorded text; a byte that is no UTF-8 becomes a lone surrogate."""
    return recorded.decode("utf-8", "surrogateescape")


def offsets_of(lengths: list[int]) -> Offsets:
    """Where values of these lengths begin, one after the other, and where the last ends."""
    offsets = numpy.zeros(len(lengths) + 1, dtype=numpy.int32)
    numpy.cumsum(lengths, out=offsets[1:])
    return offsets


def text_array(texts: list[str]) -> TextArray:
    """Texts as an array; lone surrogates become the bytes that they stand for."""
    encoded = [text.encode("utf-8", "surrogateescape") for text in texts]
    return TextArray(offsets_of([len(each) for each in encoded]), b"".join(encoded))
