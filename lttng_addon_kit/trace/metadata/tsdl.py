# SPDX-License-Identifier: GPL-2.0-only
"""CTF 1.8's metadata: its text -> what it describes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark
from lark.exceptions import LarkError

from lttng_addon_kit.trace.metadata.described import (
    NO_MEMBERS,
    DescribedClock,
    DescribedEvent,
    DescribedStream,
    DescribedTrace,
    Order,
    StructureType,
    UnsupportedMetadata,
    clocks_of,
)
from lttng_addon_kit.trace.metadata.tsdl_types import TypeReader, entries_of, number_of, path_of

_ORDERS: dict[str, Order] = {"le": "little", "be": "big", "network": "big"}


def read_tsdl(text: str) -> DescribedTrace:
    """What the text of CTF 1.8's metadata describes.

    Raises:
        UnsupportedMetadata: it isn't understood.
    """
    try:
        statements = _grammar().parse(text).children
    except LarkError as error:
        raise UnsupportedMetadata(f"its metadata isn't understood: {str(error).splitlines()[0]}") from None
    try:
        return _TsdlReader(_native_order(statements)).read(statements)
    except RecursionError:
        raise UnsupportedMetadata("its types are nested too deeply") from None


@cache
def _grammar() -> Lark:
    return Lark(files(__package__).joinpath("tsdl.lark").read_text(encoding="utf-8"), parser="lalr")


def _native_order(statements: list[Any]) -> Order:
    """The byte order that the trace's own block says, wherever it is."""
    for each in statements:
        if each.data == "block" and each.children[0] == "trace":
            return _ORDERS.get(entries_of(each.children[1]).get("byte_order", ""), "little")
    raise UnsupportedMetadata("its metadata describes no trace")


class _TsdlReader:
    """Takes one statement after the other: what a type's name means is decided before it is used."""

    def __init__(self, order: Order) -> None:
        self._types = TypeReader(order)
        self._clocks: dict[str, DescribedClock] = {}
        self._streams: dict[int, DescribedStream] = {}
        self._header = NO_MEMBERS

    def read(self, statements: list[Any]) -> DescribedTrace:
        events: list[tuple[Mapping[str, str], Mapping[str, StructureType]]] = []
        for each in statements:
            if each.data != "block":
                self._types.declare(each)
                continue
            scopes = self._scopes(each.children[1])
            entries = entries_of(each.children[1])
            match str(each.children[0]):
                case "trace":
                    self._header = scopes.get("packet.header", NO_MEMBERS)
                case "clock":
                    self._clocks[entries.get("name", "")] = _clock(entries)
                case "stream":
                    self._streams[number_of(entries.get("id", "0"))] = _stream(scopes)
                case "event":
                    events.append((entries, scopes))
        for said, scopes in events:
            self._add_event(said, scopes)
        return DescribedTrace(self._header, self._streams, self._clocks)

    def _scopes(self, entries: Any) -> Mapping[str, StructureType]:
        """The structures that a block defines; types that it declares are remembered."""
        found = {}
        for each in entries.children:
            if each.data == "definition":
                found[".".join(path_of(each.children[0], raw=True))] = self._types.structure(each.children[1])
            elif each.data != "assignment":
                self._types.declare(each)
        return found

    def _add_event(self, said: Mapping[str, str], scopes: Mapping[str, StructureType]) -> None:
        number = number_of(said.get("id", "0"))
        stream = self._streams.get(number_of(said.get("stream_id", "0")))
        if stream is None or number in stream.events:
            raise UnsupportedMetadata(f"it has an event {said.get('name', number)} of no stream, or twice")
        context, fields = scopes.get("context", NO_MEMBERS), scopes.get("fields", NO_MEMBERS)
        stream.events[number] = DescribedEvent(said.get("name") or f"event {number}", context, fields)


def _clock(said: Mapping[str, str]) -> DescribedClock:
    frequency = number_of(said.get("freq", "1000000000"))
    if frequency <= 0:
        raise UnsupportedMetadata("it has a clock that doesn't tick")
    return DescribedClock(frequency, number_of(said.get("offset_s", "0")), number_of(said.get("offset", "0")))


def _stream(scopes: Mapping[str, StructureType]) -> DescribedStream:
    context, header = scopes.get("packet.context", NO_MEMBERS), scopes.get("event.header", NO_MEMBERS)
    clocks = sorted({*clocks_of(context), *clocks_of(header)})
    if len(clocks) > 1:
        raise UnsupportedMetadata("one of its streams has two clocks")
    return DescribedStream(context, header, scopes.get("event.context", NO_MEMBERS), "".join(clocks))
