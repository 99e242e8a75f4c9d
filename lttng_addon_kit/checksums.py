# SPDX-License-Identifier: GPL-2.0-only
"""Notices a file that was damaged since it was written: by its size and time at every use, by its sum once a day.

What a program writes changes a file's time, so only what a disk does by itself is left to the sum. Beside FILE.EXT,
FILE.crc32 has the sum, the size and the time of the file; its own time is when the sum was last compared.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from zlib import crc32

_SECONDS_BETWEEN = 24 * 3600
# How much is read at once.
_PART = 1 << 20


def seal(written: Path, file: Path | None = None) -> None:
    """Write down the sum of a file that is complete, and will be called `file`."""
    _write(sum_file(file or written), checksum(written), written)


def is_whole(file: Path) -> bool:
    """Whether a file exists, and is as it was when it was sealed."""
    note = sum_file(file)
    try:
        noted, *stamp = note.read_text(encoding="ascii").split()
        if stamp == _stamp(file) and time.time() - note.stat().st_mtime < _SECONDS_BETWEEN:
            return True
        whole = noted == checksum(file)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    if whole:
        with suppress(OSError):  # a cache may be read-only
            _write(note, noted, file)
    return whole


def checksum(file: Path) -> str:
    """The CRC-32 of a file's content."""
    total = 0
    with file.open("rb") as content:
        while part := content.read(_PART):
            total = crc32(part, total)
    return f"{total:08x}"


def sum_file(file: Path) -> Path:
    """The file beside a file that has its sum."""
    return file.with_suffix(".crc32")


def _write(note: Path, total: str, file: Path) -> None:
    making = note.with_suffix(".crc32-making")
    making.write_text(" ".join([total, *_stamp(file)]), encoding="ascii")
    making.replace(note)


def _stamp(file: Path) -> list[str]:
    stat = file.stat()
    return [str(stat.st_size), str(stat.st_mtime_ns)]
