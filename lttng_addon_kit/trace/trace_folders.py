# SPDX-License-Identifier: GPL-2.0-only
"""Where the CTF traces are below a folder, and what is wrong with one before babeltrace2 gets to see it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from lttng_addon_kit.errors import KitError, UsageError

METADATA = "metadata"

# CTF 1.8.3, 7.1: packetised metadata; each packet has a header of 37 bytes, its sizes are in bits.
_METADATA_MAGIC = 0x75D11D57
_METADATA_HEADER = struct.Struct("16s I I I 3B 2B")
_MAGIC = struct.Struct("I")
# CTF 2 begins so (RFC 7464); CTF 1.8 as plain text with this comment.
RECORD_SEPARATOR = b"\x1e"
_PLAIN_TEXT = b"/* CTF 1."
_READS_CTF_2 = (2, 1)


def find_trace_folders(path: Path) -> list[Path]:
    """The folders at or below `path` that hold one CTF trace each (a file called metadata), sorted.

    Raises:
        UsageError: `path` is no folder.
        KitError: there is no trace in it.
    """
    if not path.exists():
        raise UsageError(f"there is no trace {path}", hint="lttng-addon list traces")
    if not path.is_dir():
        raise UsageError(f"{path} is a file; a trace is a folder", hint=f"try {path.parent}")
    folders = sorted(found.parent for found in path.rglob(METADATA) if found.is_file())
    if not folders:
        raise KitError(
            f"{path} holds no CTF trace: no file called {METADATA} in it or below",
            hint="give the folder that `lttng create --output` made, or see lttng-addon list traces",
        )
    return folders


def check_metadata(folder: Path, version: str = "") -> bytes:
    """See that a trace's metadata is whole; babeltrace2 2.0 never returns from a metadata file cut short.

    Args:
        folder: the trace's.
        version: of babeltrace2, if that is to read it.

    Returns:
        What its file contains.

    Raises:
        KitError: it is empty, cut short, or in a format that this babeltrace2 can't read.
    """
    file = folder / METADATA
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise KitError(f"{file} can't be read: {problem.strerror}") from None
    if not content:
        raise KitError(
            f"{file} is empty: this trace describes no events",
            hint="was the recording session stopped and destroyed before the trace was copied?",
        )
    if content.startswith(RECORD_SEPARATOR):
        if version:
            _check_reads_ctf_2(file, version)
        return content
    for order in "<>":
        if struct.unpack_from(order + _MAGIC.format, content.ljust(_MAGIC.size))[0] == _METADATA_MAGIC:
            _check_packets(file, content, order)
            return content
    if not content.lstrip().startswith(_PLAIN_TEXT):
        raise KitError(
            f"{file} is no CTF metadata: it begins with neither a packet nor {_PLAIN_TEXT.decode()}",
            hint="is this a trace's folder?",
        )
    return content


def metadata_text(content: bytes) -> str:
    """The text of CTF 1.8's metadata that `check_metadata` found whole, packetised or not."""
    for order in "<>":
        header = struct.Struct(f"{order}I{_METADATA_HEADER.format}")
        if len(content) >= header.size and header.unpack_from(content)[0] == _METADATA_MAGIC:
            return b"".join(_packet_texts(content, header)).decode("utf-8", "replace")
    return content.decode("utf-8", "replace")


def _packet_texts(content: bytes, header: struct.Struct) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        _magic, _uuid, _checksum, content_bits, packet_bits, *_rest = header.unpack_from(content, at)
        yield content[at + header.size : at + content_bits // 8]
        at += packet_bits // 8


def _check_reads_ctf_2(file: Path, version: str) -> None:
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < _READS_CTF_2:
        raise KitError(
            f"{file} is CTF 2, which the installed babeltrace2 {version} can't read",
            hint="install babeltrace2 2.1 or later, or record with `lttng create --trace-format=ctf-1.8`",
        )


def _check_packets(file: Path, content: bytes, order: str) -> None:
    header = struct.Struct(f"{order}I{_METADATA_HEADER.format}")
    at = 0
    while at < len(content):
        if len(content) - at < header.size:
            raise _cut_short(file, len(content))
        magic, _uuid, _checksum, content_bits, packet_bits, *_rest = header.unpack_from(content, at)
        if magic != _METADATA_MAGIC or not 8 * header.size <= content_bits <= packet_bits:
            raise KitError(f"{file} is damaged: byte {at} begins no metadata packet")
        at += packet_bits // 8
        if at > len(content):
            raise _cut_short(file, len(content))


def _cut_short(file: Path, size: int) -> KitError:
    return KitError(
        f"{file} is cut short: its last packet ends after byte {size}, where the file ends",
        hint="was the trace copied whole? copy it again after `lttng destroy`",
    )
