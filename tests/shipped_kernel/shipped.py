# SPDX-License-Identifier: GPL-2.0-only
"""The kernel that is shipped with the tests, for those that must run where there is no target."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

from lttng_addon_kit.kernel.index import open_index
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.probe_lists import ProbeLists
from lttng_addon_kit.target.architecture.x86_64 import ARCHITECTURE

# What tests/shipped_kernel/cut.py packs.
ARCHIVE = Path(__file__).with_name("bookworm.tar.xz")


def unpack(folder: Path) -> None:
    """Unpacks the shipped kernel's files into a folder."""
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            content = archive.extractfile(member)
            assert content is not None
            (folder / member.name).write_bytes(content.read())
    with closing(sqlite3.connect(folder / "index.sqlite")) as database:
        database.executescript((folder / "indexes.sql").read_text(encoding="utf-8"))


def open_shipped_kernel(folder: Path) -> Kernel:
    """The shipped kernel, its files being unpacked into a folder."""
    unpack(folder)
    return open_unpacked_kernel(folder)


def open_unpacked_kernel(folder: Path) -> Kernel:
    """The kernel whose files were unpacked into a folder."""
    release = (folder / "release").read_text(encoding="utf-8").strip()
    lists = ProbeLists(folder / "symbols", folder / "kprobe_blacklist", folder / "traceable")
    return Kernel(release, open_index(folder / "index.sqlite"), lists, ARCHITECTURE.processor)
