# SPDX-License-Identifier: GPL-2.0-only
"""Folders on this host that are the user's alone: what is in them decides what runs as the user, and as root."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from lttng_addon_kit.errors import KitError

_PRIVATE = 0o700


def make_private(folder: Path) -> None:
    """Create a folder, where it is missing, that is the user's alone.

    Raises:
        KitError: as `keep_private`.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=_PRIVATE, exist_ok=True)
    keep_private(folder)


def keep_private(folder: Path) -> None:
    """Take others' rights to a folder away; nothing if it does not exist.

    Raises:
        KitError: it belongs to another user, or others can put another folder in its place.
    """
    try:
        found = folder.stat()
    except FileNotFoundError:
        return
    if found.st_uid != os.geteuid():
        raise _unsafe(folder, f"belongs to user {found.st_uid}, not to you (user {os.geteuid()})")
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise _unsafe(folder, f"is in {above}, where every user can write")
    if stat.S_IMODE(found.st_mode) != _PRIVATE:
        try:
            folder.chmod(_PRIVATE)
        except OSError as error:
            raise _unsafe(folder, f"can't be made yours alone ({error.strerror})") from error


def _unsafe(folder: Path, why: str) -> KitError:
    fix = "choose another cache: export LTTNG_ADDON_KIT_CACHE="
    return KitError(
        f"{folder} {why}: another user could change what runs as you",
        hint=f"{fix}{shlex.quote(str(Path.home() / '.cache/lttng-addon-kit'))}",
    )
