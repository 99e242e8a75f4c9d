# SPDX-License-Identifier: GPL-2.0-only
"""What decides what runs as the user is the user's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.user_folder import keep_private, make_private


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_a_new_one_is_the_users_alone(tmp_path: Path) -> None:
    make_private(tmp_path / "a/b")
    assert mode(tmp_path / "a/b") == 0o700


def test_an_old_one_becomes_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    keep_private(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o700
    keep_private(tmp_path / "not there")


def test_one_that_everybody_can_replace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(KitError, match=r"is in .*/open, where every user can write") as caught:
        make_private(tmp_path / "open/cache")
    assert "LTTNG_ADDON_KIT_CACHE" in caught.value.hint
    (tmp_path / "open").chmod(0o1777)  # as /tmp: only its owner can rename what is in it
    make_private(tmp_path / "open/cache")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_anothers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    os.chown(tmp_path / "a", 4711, -1)
    with pytest.raises(KitError, match="belongs to user 4711, not to you"):
        keep_private(tmp_path / "a")
