# SPDX-License-Identifier: GPL-2.0-only
"""The index that LTTng writes beside each stream: what it says of the stream's packets."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

# lttng-tools, src/common/index/ctf-index.h, big endian: magic, major, minor, bytes an entry; an entry begins
# with the packet's offset in bytes, its size and its content's in bits, begin, end, events discarded; since LTTng 2.8
# the stream's id, its instance and the packet's number follow.
_HEADER = struct.Struct(">4I")
_ENTRY = struct.Struct(">6Q")
_NUMBER = struct.Struct(">Q")
_NUMBER_AT = 64
_MAGIC = 0xC1F1DCC1
_SUFFIX = ".idx"


@dataclass(frozen=True)
class IndexEntry:
    """One packet as the index has it: offset and size in bytes, content in bits, events lost by its end.

    `begin` and `end` are in ticks of the stream's clock; `sequence` is its number, None before LTTng 2.8.
    """

    offset: int
    size: int
    content_bits: int
    begin: int
    end: int
    discarded_events: int
    sequence: int | None


def index_file(stream: Path) -> Path:
    """Where the index of a stream's file is, if there is one."""
    return stream.parent / "index" / f"{stream.name}{_SUFFIX}"


def indexed_streams(folder: Path) -> list[Path]:
    """The files of the streams that have an index, whether they exist or not."""
    return [folder / index.name.removesuffix(_SUFFIX) for index in sorted((folder / "index").glob(f"*{_SUFFIX}"))]


def read_index(file: Path) -> list[IndexEntry] | None:
    """The entries of an index; None where it is damaged, and thus says nothing."""
    content = file.read_bytes()
    if len(content) < _HEADER.size:
        return None
    magic, _major, _minor, entry_size = _HEADER.unpack_from(content)
    if magic != _MAGIC or entry_size < _ENTRY.size or len(content[_HEADER.size :]) % entry_size:
        return None
    has_number = entry_size >= _NUMBER_AT + _NUMBER.size
    return [_read_entry(content, at, has_number) for at in range(_HEADER.size, len(content), entry_size)]


def _read_entry(content: bytes, at: int, has_number: bool) -> IndexEntry:
    offset, bits, content_bits, begin, end, discarded = _ENTRY.unpack_from(content, at)
    number = _NUMBER.unpack_from(content, at + _NUMBER_AT)[0] if has_number else None
    return IndexEntry(offset, bits // 8, content_bits, begin, end, discarded, number)
