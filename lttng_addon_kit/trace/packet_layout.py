# SPDX-License-Identifier: GPL-2.0-only
"""Where a packet's own numbers are (sizes, sequence number, events discarded), as the trace's metadata says.

babeltrace2 keeps these numbers to itself, and refuses a stream that is cut short as a whole. So this file reads, of
TSDL (CTF 1.8.3, 7.3), as much as they need: integers and arrays of them, in `packet.header` and `packet.context`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Order = Literal["little", "big"]
_Tokens = Sequence[str]

_ORDERS: Mapping[str, Order] = {"le": "little", "be": "big", "network": "big"}
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|:=|\.\.\.|[\w.]+|\S')


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
    """The integers at the beginning of a packet, by their names in the metadata, and how many bytes they take."""

    places: Mapping[str, PacketNumber]
    size: int


@dataclass(frozen=True)
class PacketLayouts:
    """A trace's packets: their header, and header and context together by the stream's id."""

    header: PacketLayout
    streams: Mapping[int, PacketLayout]


def read_layouts(metadata: str) -> PacketLayouts | None:
    """Read from a trace's metadata how its packets begin; None where it doesn't give their sizes as integers."""
    described = _Described()
    for statement in _statements(_TOKEN.findall(_COMMENT.sub(" ", metadata))):
        described.take(statement)
    header = _Extent(described.order)
    header.add(described.header, described)
    streams = {}
    for number, context in described.contexts.items():
        extent = _Extent(described.order, header.bits, dict(header.places))
        extent.add(context, described)
        streams[number] = extent.layout()
    if not streams or any(not {"packet_size", "content_size"} <= set(each.places) for each in streams.values()):
        return None
    return PacketLayouts(header.layout(), streams)


def _statements(tokens: _Tokens) -> Iterator[_Tokens]:
    """What ends with a semicolon, without it; of blocks only the outer ones."""
    depth = first = 0
    for index, token in enumerate(tokens):
        depth += (token == "{") - (token == "}")
        if token == ";" and not depth:
            yield tokens[first:index]
            first = index + 1


def _block(tokens: _Tokens) -> Iterator[_Tokens]:
    """The statements between a statement's outer braces."""
    last = len(tokens) - 1 - tokens[::-1].index("}")
    return _statements(tokens[tokens.index("{") + 1 : last])


class _Described:
    """What the metadata's statements say."""

    def __init__(self) -> None:
        self.order: Order = "little"
        self.header: _Tokens = ()
        self.contexts: dict[int, _Tokens] = {}
        self.aliases: dict[str, _Tokens] = {}

    def take(self, statement: _Tokens) -> None:
        if statement[:1] == ["typealias"] and ":=" in statement:
            at = statement.index(":=")
            self.aliases[" ".join(statement[at + 1 :])] = statement[1:at]
        elif statement[:1] == ["struct"] and "{" in statement[2:3]:
            self.aliases[f"struct {statement[1]}"] = ["struct", *statement[2:]]
        elif statement[1:2] == ["{"] and "}" in statement:
            said = {entry[0]: entry[2:] for entry in _block(statement) if len(entry) > 2}
            if statement[0] == "trace":
                self.order = _ORDERS.get("".join(said.get("byte_order", ())), self.order)
                self.header = said.get("packet.header", ())
            elif statement[0] == "stream":
                self.contexts[_integer(said.get("id", ("0",))[0])] = said.get("packet.context", ())


@dataclass
class _Extent:
    """What is laid out so far, `bits` long. Nothing has a known place after a type that isn't known."""

    order: Order
    bits: int = 0
    places: dict[str, PacketNumber] = field(default_factory=dict)
    ended: bool = False

    def layout(self) -> PacketLayout:
        return PacketLayout(self.places, -(-self.bits // 8))

    def add(self, structure: _Tokens, described: _Described) -> None:
        """Lay out a structure's members."""
        structure = described.aliases.get(" ".join(structure), structure)
        if structure[:2] != ["struct", "{"]:
            return
        # `align(N)` after the members: each member is aligned at least by itself.
        for member in _block(structure):
            *type_words, name = member[:-3] if member[-1] == "]" else member
            count = _integer(member[-2]) if member[-1] == "]" else 1
            size, align, order = self._integer_type(type_words, described)
            if not size or not count or self.ended:
                self.ended = True
                return
            self.bits += -self.bits % align
            if not self.bits % 8 and not size % 8 and count == 1:
                self.places[name] = PacketNumber(self.bits // 8, size // 8, order)
            self.bits += size * count

    def _integer_type(self, words: _Tokens, described: _Described) -> tuple[int, int, Order]:
        """Size and alignment in bits, and byte order; a size of 0 for what is no integer."""
        words = described.aliases.get(" ".join(words), words)
        if words[:2] != ["integer", "{"]:
            return 0, 1, self.order
        said = {entry[0]: entry[2] for entry in _block(words) if len(entry) > 2}
        size = _integer(said.get("size", "0"))
        align = _integer(said.get("align", "0")) or (1 if size % 8 else 8)
        return size, align, _ORDERS.get(said.get("byte_order", ""), self.order)


def _integer(text: str) -> int:
    """The number that a token is; 0 for none, and for one that no packet has."""
    try:
        value = int(text, 0) if len(text) < 20 else 0
    except ValueError:
        return 0
    return value if 0 <= value < 1 << 32 else 0
