# SPDX-License-Identifier: GPL-2.0-only
"""The packets of a stream, by their headers: finds beforehand what babeltrace2 must not meet.

babeltrace2 2.0 ends the process, or never returns, for some damaged packet headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lttng_addon_kit.trace.packet_layout import PacketLayout, PacketLayouts
from lttng_addon_kit.trace.trace_folders import METADATA

# CTF 1.8.3, 5.2: what a packet's magic number is, where it has one.
_MAGIC = 0xC1FC1FC1


@dataclass(frozen=True)
class Packet:
    """One packet: offset and size in bytes, content in bits; None for what its trace doesn't record.

    `begin` and `end` are in ticks of the stream's clock, `sequence` counts packets, and `discarded_events` the events
    that the stream had lost by the packet's end. `head` is the size in bytes of what is before its events.
    """

    offset: int
    size: int
    content_bits: int
    begin: int | None = None
    end: int | None = None
    discarded_events: int | None = None
    sequence: int | None = None
    cpu: int | None = None
    head: int = 0


def stream_files(folder: Path) -> list[Path]:
    """The files of a trace that hold streams."""
    return sorted(file for file in folder.iterdir() if file.is_file() and file.name != METADATA)


def stream_ids(file: Path, layouts: PacketLayouts) -> tuple[int, int | None] | None:
    """The stream (class) id and stream instance id of a file's first packet; None for what is no stream."""
    with file.open("rb") as stream:
        head = _read_head(stream, 0, layouts)
    if head is None:
        return None
    start, layout = head
    instance = layout.places.get("stream_instance_id")
    return _stream_id(start, layout), instance.read(start) if instance else None


def read_packets(file: Path, layouts: PacketLayouts) -> Iterator[Packet]:
    """The packets of a stream's file, up to its end or the first that is cut short or makes no sense."""
    end = file.stat().st_size
    at = 0
    with file.open("rb") as stream:
        while at < end:
            head = _read_head(stream, at, layouts)
            if head is None:
                return
            start, layout = head
            packet_bits, content_bits = (layout.places[name].read(start) for name in ("packet_size", "content_size"))
            size, odd = divmod(packet_bits, 8)
            if odd or at + size > end or not 8 * layout.size <= content_bits <= packet_bits:
                return
            yield _packet(at, size, content_bits, start, layout)
            at += size


def _packet(at: int, size: int, content_bits: int, start: bytes, layout: PacketLayout) -> Packet:
    said = {name: place.read(start) for name, place in layout.places.items()}
    return Packet(
        at,
        size,
        content_bits,
        begin=said.get("timestamp_begin"),
        end=said.get("timestamp_end"),
        discarded_events=said.get("events_discarded"),
        sequence=said.get("packet_seq_num"),
        cpu=said.get("cpu_id"),
        head=layout.size,
    )


def _read_head(stream: BinaryIO, at: int, layouts: PacketLayouts) -> tuple[bytes, PacketLayout] | None:
    """The beginning of the packet at a byte, and how it is laid out; None where none begins."""
    stream.seek(at)
    start = stream.read(max(layout.size for layout in layouts.streams.values()))
    layout = layouts.streams.get(_stream_id(start, layouts.header))
    if layout is None or len(start) < layout.size:
        return None
    magic = layout.places.get("magic")
    return None if magic and magic.read(start) != _MAGIC else (start, layout)


def _stream_id(start: bytes, layout: PacketLayout) -> int:
    place = layout.places.get("stream_id")
    return place.read(start) if place else 0
