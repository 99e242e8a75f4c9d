# SPDX-License-Identifier: GPL-2.0-only
"""A file that changed since it was sealed is noticed; one that a failing disk changed, once a day."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.checksums import is_whole, seal, sum_file

DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda file: os.truncate(file, 3),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"x"),
    "a bit": lambda file: file.write_bytes(b"c" + file.read_bytes()[1:]),
    "gone": Path.unlink,
    "no sum": lambda file: sum_file(file).unlink(),
    "half a sum": lambda file: os.truncate(sum_file(file), 4),
    "no text": lambda file: sum_file(file).write_bytes(b"\xff\0"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that was sealed a moment ago."""
    file = tmp_path / "a.bin"
    file.write_bytes(b"bytes" * 1000)
    seal(file)
    return file


def change_silently(file: Path) -> None:
    """Change a bit as a disk does: neither size nor time tell."""
    stat = file.stat()
    file.write_bytes(b"c" + file.read_bytes()[1:])
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_noticed(damage: str, file: Path) -> None:
    assert is_whole(file)
    DAMAGE[damage](file)
    assert not is_whole(file)


def test_what_only_a_sum_can_tell_is_noticed_a_day_later(file: Path) -> None:
    change_silently(file)
    assert is_whole(file)
    yesterday = time.time() - 24 * 3600 - 1
    os.utime(sum_file(file), (yesterday, yesterday))
    assert not is_whole(file)


def test_one_that_was_copied_is_compared_once(file: Path) -> None:
    os.utime(file, (1, 1))
    assert is_whole(file)
    change_silently(file)
    assert is_whole(file)
