# SPDX-License-Identifier: GPL-2.0-only
"""The packets of an LTTng kernel stream, by their headers: finds beforehand what babeltrace2 must not meet.

babeltrace2 2.0 ends the process, or never returns, for some damaged packet headers.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.trace.trace_folders import METADATA

# lttng-modules, src/lttng-ring-buffer-client.h, struct packet_header: magic, UUID, stream id, instance id;
# then the context: begin, end, content and packet size in bits, sequence number, events discarded.
_HEADER = "I16sIQ6Q"
_MAGIC = 0xC1FC1FC1


@dataclass(frozen=True)
class Packet:
    """One packet: offset and size in bytes, content in bits, and the events that its stream had lost by its end."""

    offset: int
    size: int
    content_bits: int
    discarded_events: int


def is_lttng_kernel_trace(folder: Path) -> bool:
    """Whether LTTng's kernel tracer made this trace, with packets as this file has them.

    Before LTTng 2.8 a packet had no instance id and no sequence number: babeltrace2 alone reads such a trace.
    """
    metadata = (folder / METADATA).read_bytes()
    return b"stream_instance_id" in metadata and re.search(rb'tracer_name\s*=\s*"lttng-modules"', metadata) is not None


def stream_files(folder: Path) -> list[Path]:
    """The files of a trace that hold streams."""
    return sorted(file for file in folder.iterdir() if file.is_file() and file.name != METADATA)


def stream_ids(file: Path) -> tuple[int, int] | None:
    """The stream (class) id and stream instance id of a file's first packet; None for what is no stream."""
    start = _read_header(file, 0)
    return None if start is None else (start[2], start[3])


def read_packets(file: Path) -> Iterator[Packet]:
    """The packets of a stream's file, up to its end or the first that is cut short or makes no sense."""
    end = file.stat().st_size
    at = 0
    while at < end:
        header = _read_header(file, at)
        if header is None:
            return
        _magic, _uuid, _stream, _instance, _begin, _end, content_bits, packet_bits, _number, discarded = header
        size, odd = divmod(packet_bits, 8)
        if odd or at + size > end or not 8 * struct.calcsize("=" + _HEADER) <= content_bits <= packet_bits:
            return
        yield Packet(at, size, content_bits, discarded)
        at += size


def _read_header(file: Path, at: int) -> tuple[int, ...] | None:
    for order in "<>":
        header = struct.Struct(order + _HEADER)
        with file.open("rb") as stream:
            stream.seek(at)
            start = stream.read(header.size)
        if len(start) == header.size:
            fields: tuple[int, ...] = header.unpack(start)
            if fields[0] == _MAGIC:
                return fields
    return None
