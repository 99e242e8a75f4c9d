# SPDX-License-Identifier: GPL-2.0-only
"""The recorded traces beside this file (data/README.md), and babeltrace2's own word on them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

DATA = Path(__file__).parent / "data"
WHOLE = ("bookworm", "trixie", "sid", "bookworm-lossy", "bookworm-skb-filter")


def lines_of(trace: Path) -> list[str]:
    """The events as the babeltrace2 command prints them, one a line."""
    done = subprocess.run(["babeltrace2", str(trace)], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.splitlines()


def copied(name: str, to: Path) -> Path:
    """A copy of a recorded trace that may be damaged: the folder with its metadata."""
    return Path(shutil.copytree(DATA / name, to / name)) / "kernel"


def overwrite(file: Path, at: int, new: bytes) -> None:
    """Put other bytes into a file."""
    content = bytearray(file.read_bytes())
    content[at : at + len(new)] = new
    file.write_bytes(content)
