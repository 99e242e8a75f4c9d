# SPDX-License-Identifier: GPL-2.0-only
"""Reads the disk of a machine that ended, however it ended: nothing is mounted, and no root is needed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import need_program, succeed

_RAW = "disk.raw"


def copy_from_image(image: Path, folder: PurePosixPath, to: Path) -> None:
    """Copy a folder out of the file system in a qcow2 image that no machine uses any more.

    The machine may have ended in the middle of writing: what its kernel had not sent to the disk by then is missing,
    at the ends of files, or with whole files.

    Args:
        to: the path that the folder gets; must not exist yet.

    Raises:
        KitError: the image can't be read, has no such folder, or there is no room here.
    """
    with tempfile.TemporaryDirectory(prefix="offline-", dir=image.parent) as room:
        raw = Path(room, _RAW)
        # Without --force-share: a QEMU that still writes would be an error.
        succeed([need_program("qemu-img"), "convert", "-O", "raw", str(image), str(raw)], "reading the machine's disk")
        # -c: bitmaps, which the kernel writes last, are not needed to read. debugfs(8) always returns 0.
        dump = [need_program("debugfs"), "-c", "-R", f"rdump {folder} .", _RAW]
        said = succeed([need_program("env"), f"--chdir={room}", *dump], "reading the machine's file system").stderr
        if not Path(room, folder.name).is_dir():
            raise KitError(f"the machine's disk has no {folder}", details=said)
        shutil.move(Path(room, folder.name), to)
