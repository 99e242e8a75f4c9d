# SPDX-License-Identifier: GPL-2.0-only
"""The cache is the user's alone: a loose one is tightened, one that others can replace is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.folders import made_whole
from lttng_addon_kit.machine.user_folder import keep_private, make_private
from lttng_addon_kit.target.registry import find_target


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_loose_cache_is_tightened_when_a_target_is_looked_up(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (cache / "targets").mkdir(parents=True)
    for folder in (cache, cache / "targets"):
        folder.chmod(0o755)
    find_target("bookworm", cache)
    assert [mode(cache), mode(cache / "targets")] == [0o700, 0o700]


def test_new_folders_are_the_users_alone(tmp_path: Path) -> None:
    old = os.umask(0o002)  # as Debian sets it for its users
    try:
        make_private(tmp_path / "a" / "cache")
        with made_whole(tmp_path / "a" / "cache" / "target"):
            pass
    finally:
        os.umask(old)
    assert mode(tmp_path / "a" / "cache") == mode(tmp_path / "a" / "cache" / "target") == 0o700


def test_a_folder_that_everybody_can_replace_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(KitError, match="where every user can write"):
        make_private(shared / "cache")


def test_another_users_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(KitError, match="belongs to user"):
        keep_private(tmp_path)
