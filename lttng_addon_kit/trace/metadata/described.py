# SPDX-License-Identifier: GPL-2.0-only
"""What metadata describes, as plain data: field types, and the trace, its clocks, streams and events.

Names are those that CTF's readers show: one leading underscore, with which tracers keep clear of keywords, is gone
(CTF 1.8.3, 7.3.1); paths are the names of members, the innermost structure first that has the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Order = Literal["little", "big"]
# (label, lowest, highest) value
Labels = tuple[tuple[str, int, int], ...]
Path = tuple[str, ...]


class UnsupportedMetadata(Exception):
    """Metadata that the kit's own reader doesn't understand; says what."""


@dataclass(frozen=True)
class IntegerType:
    """An integer of `size` bits; `clock` names the clock that it tells the time of, `is_text` makes an array text."""

    size: int
    align: int
    signed: bool
    order: Order
    base: int = 10
    is_text: bool = False
    clock: str = ""
    labels: Labels | None = None


@dataclass(frozen=True)
class FloatType:
    """A binary floating-point number of IEEE 754, of 32 or 64 bits."""

    size: int
    align: int
    order: Order


@dataclass(frozen=True)
class TextType:
    """Text that ends with a NUL."""


@dataclass(frozen=True)
class SizedTextType:
    """Text in a given number of bytes, which ends before the first NUL among them; a path leads to their number."""

    length: int | Path


@dataclass(frozen=True)
class ArrayType:
    """So many elements; a path leads to their number."""

    element: FieldType
    length: int | Path
    align: int = 1


@dataclass(frozen=True)
class StructureType:
    """Members in order; `align` is the least alignment in bits."""

    members: tuple[tuple[str, FieldType], ...]
    align: int = 1


@dataclass(frozen=True)
class VariantType:
    """One of several types: that whose ranges hold the integer to which the path leads."""

    selector: Path
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Option:
    """An option of a variant; a range has both of its ends."""

    name: str
    ranges: tuple[tuple[int, int], ...]
    type: FieldType


FieldType = IntegerType | FloatType | TextType | SizedTextType | ArrayType | StructureType | VariantType
NO_MEMBERS = StructureType(())


@dataclass(frozen=True)
class DescribedClock:
    """A clock: ticks a second, and where its zero is after the origin."""

    frequency: int = 1_000_000_000
    offset_seconds: int = 0
    offset_cycles: int = 0


@dataclass(frozen=True)
class DescribedEvent:
    """An event's class: its name, its own context and its fields."""

    name: str
    context: StructureType
    fields: StructureType


@dataclass
class DescribedStream:
    """A stream's class; events by their ids. `clock` names its clock, "" where it has none."""

    packet_context: StructureType
    header: StructureType
    context: StructureType
    clock: str = ""
    events: dict[int, DescribedEvent] = field(default_factory=dict)


@dataclass
class DescribedTrace:
    """A trace: what its packets begin with, its streams by their ids, its clocks by their names."""

    packet_header: StructureType
    streams: dict[int, DescribedStream]
    clocks: Mapping[str, DescribedClock]


def shown_name(name: str) -> str:
    """A member's name as it is shown."""
    return name.removeprefix("_")


def alignment(of: FieldType) -> int:
    """The alignment in bits at which a field begins (CTF 1.8.3, 4.1 and 4.2)."""
    match of:
        case IntegerType() | FloatType():
            return of.align
        case TextType() | SizedTextType():
            return 8
        case ArrayType():
            return max(of.align, alignment(of.element))
        case StructureType():
            return max([of.align, *(alignment(member) for _name, member in of.members)])
        case VariantType():
            return 1


def clocks_of(of: FieldType) -> Iterator[str]:
    """The names of the clocks that integers of a type tell the time of."""
    match of:
        case IntegerType():
            yield from [of.clock] if of.clock else []
        case ArrayType():
            yield from clocks_of(of.element)
        case StructureType():
            for _name, member in of.members:
                yield from clocks_of(member)
        case VariantType():
            for option in of.options:
                yield from clocks_of(option.type)
