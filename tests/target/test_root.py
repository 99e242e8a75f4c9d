"""Making a Debian root, cut off in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from lttng_addon_kit.machine.folders import mounts_in, remove_tree

MAKE_ROOT = """
from pathlib import Path
from lttng_addon_kit.target.architecture import host_architecture
from lttng_addon_kit.target.distribution.debian import DEBIAN
from lttng_addon_kit.target.releases import RELEASES
DEBIAN.make_root(RELEASES["bookworm"], host_architecture(), Path({folder!r}))
"""


def processes_with_mounts_in(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mounts_in(folder, process.name):
                found.append(process.name)
    return found


def seen(what: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


@pytest.mark.vm
@pytest.mark.skipif(bool(os.geteuid()), reason="an ordinary user's mmdebstrap works in a folder of its own")
def test_killed_in_the_middle_it_leaves_no_mount(tmp_path: Path) -> None:
    script = MAKE_ROOT.format(folder=str(tmp_path / "root"))
    process = subprocess.Popen([sys.executable, "-c", script])
    try:
        assert seen(lambda: bool(processes_with_mounts_in(tmp_path)), 180), "mmdebstrap mounted nothing"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert seen(lambda: not processes_with_mounts_in(tmp_path), 10)
    remove_tree(tmp_path)
    assert not tmp_path.exists()
