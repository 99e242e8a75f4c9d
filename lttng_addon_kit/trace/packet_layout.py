# SPDX-License-Identifier: GPL-2.0-only
"""Where a packet's own numbers are (sizes, sequence number, events discarded), as the trace's metadata says.

babeltrace2 keeps these numbers to itself, and refuses a stream that is cut short as a whole. Only numbers of whole
bytes are found, up to the first member that is no integer and no array of a fixed size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lttng_addon_kit.trace.metadata.described import (
    ArrayType,
    DescribedTrace,
    FieldType,
    IntegerType,
    Order,
    StructureType,
    alignment,
)


@dataclass(frozen=True)
class PacketNumber:
    """An integer of a packet: offset and size in bytes."""

    offset: int
    size: int
    order: Order

    def read(self, head: bytes) -> int:
        """The integer's value; `head` is the packet's beginning."""
        return int.from_bytes(head[self.offset : self.offset + self.size], self.order)


@dataclass(frozen=True)
class PacketLayout:
    """The integers at the beginning of a packet, by their names in the metadata, and how many bytes they take.

    `is_known` to its end: the events begin there.
    """

    places: Mapping[str, PacketNumber]
    size: int
    is_known: bool


@dataclass(frozen=True)
class PacketLayouts:
    """A trace's packets: their header, and header and context together by the stream's id."""

    header: PacketLayout
    streams: Mapping[int, PacketLayout]


def layouts_of(trace: DescribedTrace) -> PacketLayouts | None:
    """How a trace's packets begin; None where it doesn't give their sizes as integers."""
    header = _Extent()
    header.add(trace.packet_header)
    streams = {}
    for number, stream in trace.streams.items():
        extent = _Extent(header.bits, dict(header.places), header.is_known)
        extent.add(stream.packet_context)
        streams[number] = extent.layout()
    if not streams or any(not {"packet_size", "content_size"} <= set(each.places) for each in streams.values()):
        return None
    return PacketLayouts(header.layout(), streams)


@dataclass
class _Extent:
    """What is laid out so far, `bits` long. Nothing has a known place after a type that isn't known."""

    bits: int = 0
    places: dict[str, PacketNumber] = field(default_factory=dict)
    is_known: bool = True

    def layout(self) -> PacketLayout:
        return PacketLayout(self.places, -(-self.bits // 8), self.is_known)

    def add(self, structure: StructureType) -> None:
        """Lay out a structure's members."""
        self.bits += -self.bits % alignment(structure)
        for name, member in structure.members:
            if not self.is_known:
                return
            self._add_member(name, member)

    def _add_member(self, name: str, member: FieldType) -> None:
        match member:
            case IntegerType():
                self.bits += -self.bits % member.align
                if not self.bits % 8 and not member.size % 8:
                    self.places[name] = PacketNumber(self.bits // 8, member.size // 8, member.order)
                self.bits += member.size
            case ArrayType(IntegerType() as element, int() as length) if element.size % element.align == 0:
                self.bits += -self.bits % alignment(member)
                self.bits += element.size * length
            case _:
                self.is_known = False
