"""What is wrong in a trace's files, and which part of a damaged file can still be read."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lttng_addon_kit.trace.folders import METADATA

# Header and entries of an LTTng packet index, big endian (lttng-tools, src/common/index/ctf-index.h):
# magic, major, minor, bytes an entry; offset, packet and content size in bits, begin, end, discarded.
_INDEX_HEADER = struct.Struct(">IIII")
_INDEX_ENTRY = struct.Struct(">6Q")
_INDEX_MAGIC = 0xC1F1DCC1

# The start of an LTTng packet (lttng-ring-buffer-client.h): magic, UUID, stream (class) id, instance id.
_PACKET_HEADER = "I16sIQ"
_PACKET_MAGIC = 0xC1FC1FC1


@dataclass(frozen=True)
class Damage:
    """A file of a trace that can't be read, or not to its end."""

    file: Path
    reason: str


def blamed_file(error: Any, folder: Path) -> Path | None:
    """The file below `folder` that a babeltrace2 error names, if it names one."""
    for cause in error:
        for quoted in re.findall(r"[`']([^`']+)[`']", cause.message):
            file = Path(quoted)
            if file.is_file() and file.is_relative_to(folder):
                return file
    return None


def stream_file(folder: Path, port_name: str) -> Path:
    """The file of a stream, from its port's name `UUID | class | instance`; the folder where none fits."""
    numbers = re.search(r"\| (\d+) \| (\d+)$", port_name)
    if numbers:
        wanted = int(numbers[1]), int(numbers[2])
        for file in sorted(folder.iterdir()):
            if file.name != METADATA and file.is_file() and _stream_of(file) == wanted:
                return file
    return folder


def whole_packets(file: Path) -> int:
    """The bytes of a stream's file up to the end of its last whole packet, by its index; 0 without one."""
    size = file.stat().st_size
    whole = 0
    for offset, packet_bits, *_rest in _read_index(file):
        if offset != whole or offset + packet_bits // 8 > size:
            break
        whole = offset + packet_bits // 8
    return whole


def first_discarded(file: Path) -> int:
    """The events lost by the end of a stream's first packet, from its index; 1, the least, without one."""
    for _offset, _packet, _content, _begin, _end, discarded in _read_index(file):
        return discarded
    return 1


def _read_index(file: Path) -> Iterator[tuple[int, ...]]:
    try:
        content = (file.parent / "index" / f"{file.name}.idx").read_bytes()
    except OSError:
        return
    if len(content) < _INDEX_HEADER.size:
        return
    magic, _major, _minor, entry_size = _INDEX_HEADER.unpack_from(content)
    if magic != _INDEX_MAGIC or entry_size < _INDEX_ENTRY.size:
        return
    for at in range(_INDEX_HEADER.size, len(content) - entry_size + 1, entry_size):
        yield _INDEX_ENTRY.unpack_from(content, at)


def copy_readable(folder: Path, sizes: Mapping[str, int], to: Path) -> None:
    """Make `to` a trace of `folder`'s files, those in `sizes` only up to so many bytes (0: not at all).

    Whole files are linked, not copied. Indexes are left out: babeltrace2 makes its own.
    """
    to.mkdir()
    for file in folder.iterdir():
        if not file.is_file():
            continue
        if file.name not in sizes:
            (to / file.name).symlink_to(file.resolve())
        elif sizes[file.name]:
            _copy_head(file, to / file.name, sizes[file.name])


def _copy_head(file: Path, to: Path, size: int) -> None:
    with file.open("rb") as source, to.open("wb") as sink:
        while size > 0 and (block := source.read(min(size, 1 << 20))):
            size -= len(block)
            sink.write(block)


def _stream_of(file: Path) -> tuple[int, int] | None:
    for order in "<>":
        header = struct.Struct(order + _PACKET_HEADER)
        with file.open("rb") as stream:
            start = stream.read(header.size)
        if len(start) == header.size:
            magic, _uuid, stream_class, instance = header.unpack(start)
            if magic == _PACKET_MAGIC:
                return stream_class, instance
    return None
