# SPDX-License-Identifier: GPL-2.0-only
"""A machine's snapshot or image that is damaged is noticed, said in a line, and created again."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest

from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.registry import Target, find_target
from lttng_addon_kit.terminal import open_console
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import DEFAULT
from tests.troubleshooting import shows


@pytest.fixture
def borrowed(target: Target, tmp_path: Path) -> Path:
    """A cache whose target has the files of the real one, but for a copy of its newest snapshot."""
    real, folder = cache_folder() / "targets" / DEFAULT, tmp_path / "targets" / DEFAULT
    with target.start(Progress(quiet=True)):
        pass
    newest = max((real / "snapshots").iterdir(), key=lambda each: each.stat().st_mtime)
    shutil.copytree(newest, folder / "snapshots" / newest.name)
    for part in real.iterdir():
        if part.name not in ("snapshots", "runs", "runs.lock"):
            (folder / part.name).symlink_to(part)
    shutil.copy(cache_folder() / "kvm.json", tmp_path)
    return tmp_path


def test_a_damaged_snapshot_is_created_again(borrowed: Path) -> None:
    (memory,) = (borrowed / "targets" / DEFAULT / "snapshots").glob("*/memory")
    with memory.open("r+b") as file:
        file.seek(memory.stat().st_size // 2)
        file.write(b"damage")
    stream = io.StringIO()
    with find_target(DEFAULT, borrowed).start(Progress(open_console(stream))) as machine:
        assert machine.run("echo", "up").stdout == "up\n"
    shows("A snapshot is damaged", stream.getvalue())


def test_an_image_that_was_cut_is_no_target(borrowed: Path) -> None:
    image = borrowed / "targets" / DEFAULT / "disk.raw"
    target = find_target(DEFAULT, borrowed)
    assert target.exists()
    image.unlink()
    assert not target.exists()
    image.touch()
    os.truncate(image, 1 << 30)
    assert not target.exists()
