# SPDX-License-Identifier: GPL-2.0-only
"""What is too much in the cache goes, the least recently used first, and never what is in use."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from lttng_addon_kit.build import kbuild
from lttng_addon_kit.least_used import Bound, surplus
from lttng_addon_kit.machine.folders import locked


def made(folder: Path, hours_ago: float) -> Path:
    """A build's folder, with its lock's time."""
    folder.mkdir(parents=True)
    (folder / "a.ko").write_bytes(b"x")
    lock = folder.with_name(f".{folder.name}.lock")
    lock.touch()
    then = time.time() - hours_ago * 3600
    os.utime(lock, (then, then))
    return folder


def test_the_least_recently_used_are_surplus(tmp_path: Path) -> None:
    paths = []
    for name, hours in (("a", 3.0), ("b", 30.0), ("c", 20.0), ("d", 1.0)):
        path = tmp_path / name
        path.touch()
        os.utime(path, (time.time() - hours * 3600,) * 2)
        paths.append(path)
    assert [path.name for path in surplus(paths, Bound(2, 7200))] == ["b", "c"]
    assert [path.name for path in surplus(paths, Bound(1, 7200))] == ["b", "c", "a"]
    assert surplus(paths, Bound(4, 0)) == []


def test_builds_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kbuild, "_BOUND", Bound(2, 3600))
    builds = [made(tmp_path / "6.1" / f"trace-once-{hours}", hours) for hours in (9, 8, 7, 0.5, 0.1)]
    with locked(tmp_path / "6.1/.trace-once-8.lock", lambda: None):
        os.utime(tmp_path / "6.1/.trace-once-8.lock", (0, 0))
        kbuild._forget_surplus(tmp_path)
    assert [build.name for build in builds if build.exists()] == ["trace-once-8", "trace-once-0.5", "trace-once-0.1"]
    assert not (tmp_path / "6.1/.trace-once-9.lock").exists()
