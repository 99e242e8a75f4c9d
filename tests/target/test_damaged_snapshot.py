# SPDX-License-Identifier: GPL-2.0-only
"""A machine's snapshot or image that is damaged is noticed, said in a line, and created again."""

from __future__ import annotations

import io
import os
from pathlib import Path

from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.registry import find_target
from lttng_addon_kit.terminal import open_console
from tests.conftest import DEFAULT
from tests.troubleshooting import shows


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
