# SPDX-License-Identifier: GPL-2.0-only
"""Files in folders that somebody else may have prepared: read only where they are files, and within the folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lttng_addon_kit.errors import KitError

# No file of text that the kit reads is near it.
_LARGEST = 256_000_000


def check_inside(file: Path) -> None:
    """See that a file is one, and in its folder: a link out of it would take a file along that nobody meant.

    Raises:
        KitError: it is a link that leads out of the folder, or a device or pipe.
    """
    if not file.resolve().is_relative_to(file.parent.resolve()):
        raise KitError(
            f"{file} is a link that leads out of its folder, to {file.resolve()}",
            hint="put a copy of the file there, if you mean that file",
        )
    if not file.is_file():
        raise KitError(f"{file} is not a file")


def read_plain(file: Path) -> str:
    """The text of a file that is no link, device or pipe.

    Raises:
        OSError: it is, or can't be read (reading a pipe might never end).
        UnicodeDecodeError: it is no text.
    """
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, encoding="utf-8") as opened:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError("not a file")
        if state.st_size > _LARGEST:
            raise OSError(f"{state.st_size:,} bytes")
        return opened.read()


def check_returned(returned: Path, sent: Path) -> None:
    """See that a folder that another machine sends back has only files, folders and the links that were sent there.

    A link of that machine's making would lead to files of this host.

    Raises:
        KitError: it has another link, or a device, pipe or socket.
    """
    for file in returned.rglob("*"):
        mode = file.lstat().st_mode
        inside = file.relative_to(returned)
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            continue
        if not (stat.S_ISLNK(mode) and (sent / inside).is_symlink() and file.readlink() == (sent / inside).readlink()):
            raise KitError(
                f"the build returned {inside}, which is no file", hint="is that machine what you think it is?"
            )
