# SPDX-License-Identifier: GPL-2.0-only
"""Folders are made whole or not at all, and what a killed run left is cleared away."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.folders import in_use, locked, made_whole, remove_tree, run_folder


def test_made_whole(tmp_path: Path) -> None:
    with made_whole(tmp_path / "a") as folder:
        (folder / "file").write_text("x")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a/file").read_text() == "x"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("error", [KitError("no"), KeyboardInterrupt(), ValueError("x")])
def test_nothing_is_left_of_a_failure(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), made_whole(tmp_path / "a") as folder:
        (folder / "closed").mkdir(mode=0o500)
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="No space left on device") as caught, made_whole(tmp_path / "a"):
        Path("/dev/full").write_text("x")
    assert "make room" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_try_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a-making-xyz").mkdir()
    (tmp_path / ".a-making-xyz/half").touch()
    with made_whole(tmp_path / "a"):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(bool(os.geteuid()), reason="only root can mount")
def test_what_is_mounted_is_not_removed(tmp_path: Path) -> None:
    going, somebodys = tmp_path / "a b", tmp_path / "somebody's"
    (going / "half").mkdir(parents=True)
    somebodys.mkdir()
    (somebodys / "file").touch()
    subprocess.run(["mount", "--bind", somebodys, going / "half"], check=True)
    try:
        with pytest.raises(KitError, match="is mounted in it") as caught:
            remove_tree(going)
        assert (somebodys / "file").exists()
    finally:
        subprocess.run(["umount", going / "half"], check=True)
    assert caught.value.hint == f"sudo umount '{going}/half'"
    remove_tree(going)
    assert not going.exists()


def test_a_run_folder_lives_as_long_as_its_lock(tmp_path: Path) -> None:
    with run_folder(tmp_path / "runs") as (folder, lock):
        assert in_use(folder)
        holder = subprocess.Popen(["sleep", "60"], pass_fds=[lock])
    try:
        assert in_use(folder), "who inherited the lock still uses it"
    finally:
        holder.kill()
        holder.wait()
    assert not in_use(folder)
    with run_folder(tmp_path / "runs"):
        assert not folder.exists(), "the next run clears it away"


def test_many_runs_begin_and_end_at_once(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for number in range(50):
        (runs / f"run-killed{number}").mkdir(parents=True)

    def use(_: int) -> bool:
        with run_folder(runs) as (folder, _lock):
            return folder.exists()

    with ThreadPoolExecutor(8) as users:
        assert list(users.map(use, range(200))) == [True] * 200
    assert list(runs.iterdir()) == []


def test_the_second_waits_and_says_so(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from lttng_addon_kit.machine.folders import locked\n"
        f"with locked(Path({str(tmp_path / 'lock')!r}), lambda: None):\n"
        "    print('in', flush=True); time.sleep(0.5)"
    )
    first = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert first.stdout and first.stdout.readline() == "in\n"
    said: list[str] = []
    with locked(tmp_path / "lock", lambda: said.append("waiting")):
        assert first.wait(timeout=5) == 0
    assert said == ["waiting"]
