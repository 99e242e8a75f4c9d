# SPDX-License-Identifier: GPL-2.0-only
"""Creates disk images from a folder without mounting anything, and layers on top that take what is written."""

from __future__ import annotations

import os
from pathlib import Path

from lttng_addon_kit.machine.process import execute, failed, need_program, succeed

# Room for long recordings; the file is sparse, so that only what is used takes room here.
_GIBIBYTES = 6


def make_image(folder: Path, image: Path) -> None:
    """Create a raw ext4 image with the content of a folder.

    Without root, the folder's files all belong to the user, and the image gives them to root: a user namespace in
    which the user is called 0 is all that takes.

    Raises:
        KitError: no room.
    """
    # No lazy initialisation: the kernel would do it in the background, during recordings. No journal: a
    # machine that is thrown away after each run needs none, and it would write beside the workload.
    features = ["-O", "^has_journal", "-E", "lazy_itable_init=0,nodiscard", "-m", "0"]
    mke2fs = [need_program("mke2fs"), "-q", "-t", "ext4", *features, "-d", str(folder), str(image), f"{_GIBIBYTES}G"]
    as_root = [] if os.geteuid() == 0 else [need_program("unshare"), "--map-root-user", "--"]
    image.touch(mode=0o600)  # it has the machine's host key
    succeed([*as_root, *mke2fs], "making the disk image")


def is_image_whole(image: Path) -> bool:
    """Whether an image exists and was not cut off."""
    return image.is_file() and image.stat().st_size == _GIBIBYTES << 30


def make_layer(image: Path, image_format: str, layer: Path) -> None:
    """Create an empty qcow2 image on top of another one, which it names relative to itself, so both can move.

    Raises:
        KitError: no room.
    """
    below = os.path.relpath(image, layer.parent)
    output = execute(
        [need_program("qemu-img"), "create", "-q", "-f", "qcow2", "-b", below, "-F", image_format, str(layer)]
    )
    if output.status:
        raise failed("making a layer on the disk image", output)
