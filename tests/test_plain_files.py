# SPDX-License-Identifier: GPL-2.0-only
"""Folders that somebody else prepared: nothing in them leads to a file outside, or to a pipe that never ends."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import Output
from lttng_addon_kit.machine.transfer import receive
from lttng_addon_kit.plain_files import check_returned
from lttng_addon_kit.session import recording
from tests.conftest import Command


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that nobody meant."""
    file = tmp_path / "secret.h"
    file.write_text("a secret\n")
    return file


def test_a_header_that_is_a_link_out_of_the_folder(lttng_addon: Command, workspace: Path, secret: Path) -> None:
    (workspace / "addons/skb-filter/more.h").symlink_to(secret)
    done = lttng_addon("build", "skb-filter")
    assert done.returncode == 1
    assert f"more.h is a link that leads out of its folder, to {secret}" in done.stderr


def test_a_workloads_file_that_is_one(lttng_addon: Command, workspace: Path, secret: Path) -> None:
    (workspace / "addons/skb-filter/data").symlink_to(secret)
    spec = workspace / "addons/skb-filter/addon.toml"
    spec.write_text(spec.read_text().replace("[workload]", '[workload]\nfiles = ["data"]'))
    done = lttng_addon("check", "skb-filter")
    assert done.returncode == 1
    assert "addon.toml:" in done.stderr
    assert "leads out of its folder" in done.stderr


def test_a_makefile_that_is_one(lttng_addon: Command, workspace: Path) -> None:
    makefile = workspace / "addons/Makefile"
    makefile.rename(workspace / "theirs")
    makefile.symlink_to("../theirs")
    before = makefile.read_text()
    assert lttng_addon("new", "skb-filter", "--name", "other").returncode == 0
    done = lttng_addon("generate", "other")
    assert "leads out of its folder" in done.stderr
    assert done.returncode == 1
    assert (workspace / "theirs").read_text() == before


@pytest.mark.parametrize("kind", ["link", "pipe", "device"])
def test_a_recording_that_is_no_file(kind: str, tmp_path: Path, secret: Path) -> None:
    path = tmp_path / recording.FILE_NAME
    match kind:
        case "link":
            path.symlink_to(secret)
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
    with pytest.raises(KitError, match=r"recording\.json is damaged"):
        recording.load(tmp_path)


def test_what_another_machine_sends_runs_as_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made/run").write_text("x")
    (tmp_path / "made/run").chmod(0o6777)

    def send(archive: object) -> Output:
        subprocess.run(["tar", "-c", "-C", tmp_path, "./made"], stdout=archive, check=True)  # type: ignore[call-overload]
        return Output(0, "", "")

    receive(send, "made", tmp_path / "here", "made")
    assert (tmp_path / "here/run").stat().st_mode & 0o7777 == 0o755


@pytest.mark.parametrize("kind", ["link", "changed link", "pipe"])
def test_a_build_that_returns_what_is_no_file(kind: str, tmp_path: Path, secret: Path) -> None:
    sent, returned = tmp_path / "sent", tmp_path / "returned"
    for folder in (sent, returned):
        folder.mkdir()
        (folder / "kept").symlink_to("addon.ko")
    (returned / "addon.ko").write_text("x")
    check_returned(returned, sent)
    match kind:
        case "link":
            (returned / "other.ko").symlink_to(secret)
        case "changed link":
            (returned / "kept").unlink()
            (returned / "kept").symlink_to(secret)
        case "pipe":
            os.mkfifo(returned / "other.ko")
    with pytest.raises(KitError, match="which is no file"):
        check_returned(returned, sent)
