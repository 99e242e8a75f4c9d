# SPDX-License-Identifier: GPL-2.0-only
"""A packet's bytes -> the decoder, in parts where it is large, and what the decoder says when it stops."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from lttng_addon_kit.trace.native import Decoder
from lttng_addon_kit.trace.own.step import LARGEST_ALIGN, Step
from lttng_addon_kit.trace.packets import Packet

# Bytes of a packet that are in memory at once, but for an event that is larger.
_WINDOW = 1 << 20
# Bytes that all columns hold before they are taken, and events of one class.
ROOM = 24 << 20
BATCH = 1 << 15


class DecodeStatus(IntEnum):
    """enum decode_status of native/decode.h."""

    DONE = 0
    FULL = 1
    MORE = 2
    PAST_END = 3
    UNKNOWN_EVENT = 4
    NO_OPTION = 5
    EMPTY_EVENT = 6
    TOO_LONG = 7
    NO_MEMORY = 8


_REASONS = {
    DecodeStatus.MORE: "its file ends before the packet does",
    DecodeStatus.PAST_END: "goes past the end of its packet",
    DecodeStatus.UNKNOWN_EVENT: "its id is none that the metadata has",
    DecodeStatus.NO_OPTION: "no option of the variant fits",
    DecodeStatus.EMPTY_EVENT: "it has no bits",
    DecodeStatus.TOO_LONG: "is longer than can be read",
    DecodeStatus.NO_MEMORY: "there is no memory for it",
}


class UnreadableEvent(Exception):
    """An event that can't be read; says why."""


@dataclass
class PacketFeed:
    """Feeds the packets of one file after the other to a decoder.

    `clock` is the last event's time, in ticks; `events` are those read so far.
    """

    decoder: Decoder
    steps: tuple[Step, ...]
    clock: int = 0
    events: int = 0
    _window: bytearray = field(default_factory=lambda: bytearray(_WINDOW))

    def read(self, file: int, packet: Packet) -> Iterator[None]:
        """Decode a packet of an open file; stops wherever columns are full, and are to be taken.

        Raises:
            UnreadableEvent: nothing after the events read so far can be read.
        """
        if packet.begin is not None:
            self.clock = packet.begin
        at, base, size = 8 * packet.head, 0, min(_WINDOW, packet.size)
        data = self._load(file, packet, base, size)
        while True:
            given = at - 8 * base, packet.content_bits - 8 * base
            status, place, self.clock, events, step = self.decoder.read(data, *given, self.clock, ROOM, BATCH)
            self.events += events
            at = 8 * base + place
            match status:
                case DecodeStatus.DONE:
                    return
                case DecodeStatus.FULL:
                    yield
                case DecodeStatus.MORE if len(data) == size and base + size < packet.size:
                    base, size = _next_part(at, base, size, packet)
                    data = self._load(file, packet, base, size)
                case _:
                    raise UnreadableEvent(self._reason(DecodeStatus(status), step))

    def _load(self, file: int, packet: Packet, base: int, size: int) -> memoryview:
        if size > len(self._window):
            self._window = bytearray(size)
        window = memoryview(self._window)[:size]
        return window[: os.preadv(file, [window], packet.offset + base)]

    def _reason(self, status: DecodeStatus, step: int) -> str:
        name = self.steps[step].name if status in (DecodeStatus.PAST_END, DecodeStatus.TOO_LONG) else ""
        return f"its field {name} {_REASONS[status]}" if name else _REASONS[status]


def _next_part(at: int, base: int, size: int, packet: Packet) -> tuple[int, int]:
    """Where the next part begins, with an event that isn't whole in this one, and its size.

    A part begins where any alignment does; one that already began with the event has to be larger.
    """
    begin = at // LARGEST_ALIGN * LARGEST_ALIGN // 8
    size = _WINDOW if begin > base else 2 * size
    return begin, min(size, packet.size - begin)
