# SPDX-License-Identifier: GPL-2.0-only
"""CTF 2's metadata: its JSON -> what it describes (CTF2-SPEC-2.0).

What an integer is for, it says by roles; the members that have one get the names that CTF 1.8 knows them by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lttng_addon_kit.trace.metadata.described import (
    NO_MEMBERS,
    ArrayType,
    DescribedClock,
    DescribedEvent,
    DescribedStream,
    DescribedTrace,
    FieldType,
    FloatType,
    IntegerType,
    Labels,
    Option,
    Order,
    Path,
    SizedTextType,
    StructureType,
    TextType,
    UnsupportedMetadata,
    VariantType,
)

_Said = Mapping[str, Any]

_NAMES = {
    "packet-magic-number": "magic",
    "data-stream-class-id": "stream_id",
    "data-stream-id": "stream_instance_id",
    "packet-total-length": "packet_size",
    "packet-content-length": "content_size",
    "packet-end-default-clock-timestamp": "timestamp_end",
    "packet-sequence-number": "packet_seq_num",
    "discarded-event-record-counter-snapshot": "events_discarded",
    "event-record-class-id": "id",
}
_TIME = "default-clock-timestamp"
_ORDERS: dict[str, Order] = {"little-endian": "little", "big-endian": "big"}
_BYTE = IntegerType(8, 8, False, "little", 16)


def read_ctf2(content: bytes) -> DescribedTrace:
    """What CTF 2's metadata describes.

    Raises:
        UnsupportedMetadata: it isn't understood.
    """
    try:
        return _Ctf2Reader().read(_fragments(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnsupportedMetadata(f"its metadata isn't understood: {error!r}") from None


def _fragments(content: bytes) -> Iterator[_Said]:
    """The JSON texts of a sequence (RFC 7464)."""
    for text in content.split(b"\x1e"):
        if text.strip():
            yield json.loads(text)


class _Ctf2Reader:
    """Takes one fragment after the other."""

    def __init__(self) -> None:
        self._trace = DescribedTrace(NO_MEMBERS, {}, {})
        self._clocks: dict[str, DescribedClock] = {}
        # The clock that times in the scope at hand are told by.
        self._clock = ""

    def read(self, fragments: Iterator[_Said]) -> DescribedTrace:
        aliased: list[_Said] = []
        for said in fragments:
            match said["type"]:
                case "preamble":
                    _check_version(said)
                case "field-class-alias":
                    aliased.append(said)
                case "trace-class":
                    self._trace.packet_header = self._scope(said.get("packet-header-field-class"), aliased)
                case "clock-class":
                    self._clocks[_clock_id(said)] = _clock(said)
                case "data-stream-class":
                    self._add_stream(said, aliased)
                case "event-record-class":
                    self._add_event(said, aliased)
        return DescribedTrace(self._trace.packet_header, self._trace.streams, self._clocks)

    def _add_stream(self, said: _Said, aliased: list[_Said]) -> None:
        self._clock = str(said.get("default-clock-class-id", said.get("default-clock-class-name", "")))
        context = self._scope(said.get("packet-context-field-class"), aliased, "timestamp_begin")
        header = self._scope(said.get("event-record-header-field-class"), aliased)
        common = self._scope(said.get("event-record-common-context-field-class"), aliased)
        self._trace.streams[said.get("id", 0)] = DescribedStream(context, header, common, self._clock)

    def _add_event(self, said: _Said, aliased: list[_Said]) -> None:
        stream = self._trace.streams[said.get("data-stream-class-id", 0)]
        self._clock = stream.clock
        number = said.get("id", 0)
        if number in stream.events:
            raise UnsupportedMetadata(f"it has two events with the id {number}")
        context = self._scope(said.get("specific-context-field-class"), aliased)
        fields = self._scope(said.get("payload-field-class"), aliased)
        stream.events[number] = DescribedEvent(said.get("name") or f"event {number}", context, fields)

    def _scope(self, said: Any, aliased: list[_Said], time: str = "timestamp") -> StructureType:
        """The structure of a scope; what an alias means depends on the clock of the scope that uses it."""
        if said is None:
            return NO_MEMBERS
        types = _Ctf2Types({str(each["name"]): each["field-class"] for each in aliased}, self._clock, time)
        found = types.read(said)
        if not isinstance(found, StructureType):
            raise UnsupportedMetadata("one of its scopes is no structure")
        return found


class _Ctf2Types:
    """Makes types of field classes; times are those of `clock`, and called `time`."""

    def __init__(self, aliases: Mapping[str, Any], clock: str, time: str) -> None:
        self._aliases = aliases
        self._clock = clock
        self._time = time

    def read(self, said: Any) -> FieldType:
        if isinstance(said, str):
            return self.read(self._aliases[said])
        kind = str(said["type"])
        match kind:
            case "fixed-length-unsigned-integer" | "fixed-length-signed-integer":
                return self._integer(said, kind == "fixed-length-signed-integer")
            case "fixed-length-floating-point-number":
                return FloatType(_float_size(said), said.get("alignment", 1), _ORDERS[said["byte-order"]])
            case "null-terminated-string" | "static-length-string" | "dynamic-length-string":
                return _text(said, kind)
            case "static-length-blob":
                return ArrayType(_BYTE, int(said["length"]))
            case "static-length-array":
                element = self.read(said["element-field-class"])
                return ArrayType(element, int(said["length"]), said.get("minimum-alignment", 1))
            case "dynamic-length-array":
                element = self.read(said["element-field-class"])
                return ArrayType(element, _path(said["length-field-location"]), said.get("minimum-alignment", 1))
            case "structure":
                return self._structure(said)
            case "variant":
                return self._variant(said)
            case _:
                raise UnsupportedMetadata(f"it has fields of the class {kind}")

    def _integer(self, said: _Said, signed: bool) -> IntegerType:
        size = int(said["length"])
        if not 1 <= size <= 64 or said.get("bit-order") not in (None, _natural_bit_order(said)):
            raise UnsupportedMetadata(f"it has an integer of {size} bits, or bits in an unusual order")
        mappings = said.get("mappings")
        return IntegerType(
            size,
            said.get("alignment", 1),
            signed,
            _ORDERS[said["byte-order"]],
            int(said.get("preferred-display-base", 10)),
            clock=self._clock if _TIME in said.get("roles", ()) else "",
            labels=None if mappings is None else _labels(mappings),
        )

    def _structure(self, said: _Said) -> StructureType:
        members = [(self._name(each), self.read(each["field-class"])) for each in said.get("member-classes", ())]
        if len(dict(members)) < len(members):
            raise UnsupportedMetadata("it has two members of one name")
        return StructureType(tuple(members), said.get("minimum-alignment", 1))

    def _name(self, member: _Said) -> str:
        said = member["field-class"]
        while isinstance(said, str):
            said = self._aliases[said]
        roles = said.get("roles", ())
        if _TIME in roles:
            return self._time
        return next((_NAMES[role] for role in roles if role in _NAMES), str(member["name"]))

    def _variant(self, said: _Said) -> VariantType:
        options = tuple(
            Option(str(each["name"]), _ranges(each["selector-field-ranges"]), self.read(each["field-class"]))
            for each in said["options"]
        )
        return VariantType(_path(said["selector-field-location"]), options)


def _check_version(said: _Said) -> None:
    if said["version"] != 2:
        raise UnsupportedMetadata(f"its metadata is CTF {said['version']}")


def _clock_id(said: _Said) -> str:
    return str(said.get("id", said.get("name", "")))


def _clock(said: _Said) -> DescribedClock:
    offset = said.get("offset-from-origin", {})
    frequency = int(said["frequency"])
    if frequency <= 0:
        raise UnsupportedMetadata("it has a clock that doesn't tick")
    return DescribedClock(frequency, int(offset.get("seconds", 0)), int(offset.get("cycles", 0)))


def _text(said: _Said, kind: str) -> FieldType:
    if said.get("encoding", "utf-8") != "utf-8":
        raise UnsupportedMetadata(f"it has text in {said['encoding']}")
    if kind == "null-terminated-string":
        return TextType()
    if kind == "static-length-string":
        return SizedTextType(int(said["length"]))
    return SizedTextType(_path(said["length-field-location"]))


def _float_size(said: _Said) -> int:
    size = int(said["length"])
    if size not in (32, 64):
        raise UnsupportedMetadata(f"it has a floating-point number of {size} bits")
    return size


def _natural_bit_order(said: _Said) -> str:
    return "first-to-last" if said["byte-order"] == "little-endian" else "last-to-first"


def _path(location: _Said) -> Path:
    """The members that a location leads through; one with an origin begins at another scope."""
    names = location["path"]
    if location.get("origin") is not None or not names or not all(isinstance(name, str) for name in names):
        raise UnsupportedMetadata("a field depends on one in another scope")
    return tuple(names)


def _labels(mappings: Mapping[str, Any]) -> Labels:
    return tuple((label, low, high) for label, ranges in mappings.items() for low, high in _ranges(ranges))


def _ranges(said: Any) -> tuple[tuple[int, int], ...]:
    return tuple((int(low), int(high)) for low, high in said)
