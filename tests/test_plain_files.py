# SPDX-License-Identifier: GPL-2.0-only
"""In a folder that somebody else prepared, or sent, links do not lead out, and a pipe does not hold a command up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import Output
from lttng_addon_kit.machine.transfer import receive
from lttng_addon_kit.module.makefile import add_to_makefile
from lttng_addon_kit.plain_files import check_inside, check_returned, read_plain
from lttng_addon_kit.session.recording import FILE_NAME, load
from lttng_addon_kit.spec.load import load_addon

SPEC = """
[addon]
name = "linked"
[module]
sources = ["own.c"]
[[event]]
name = "a_b"
hook = "tracepoint:sched_switch"
"""


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    """An addon's folder with a C file of its own, and beside it a secret."""
    folder = tmp_path / "addons" / "linked"
    folder.mkdir(parents=True)
    (folder / "addon.toml").write_text(SPEC)
    (folder / "own.c").write_text("")
    (tmp_path / "secret").write_text("secret")
    return folder


@pytest.mark.parametrize("name", ["own.c", "own.h", "addon.toml"])
def test_a_link_out_of_the_addons_folder_is_refused(addon: Path, name: str) -> None:
    (addon / name).unlink(missing_ok=True)
    outside = addon.parent.parent / "elsewhere"
    outside.write_text(SPEC if name == "addon.toml" else "")
    (addon / name).symlink_to(outside)
    with pytest.raises(KitError, match=f"{name} is a link that leads out of its folder"):
        load_addon(addon)


def test_a_link_within_the_folder_is_a_file(addon: Path) -> None:
    (addon / "real.h").write_text("")
    (addon / "own.h").symlink_to("real.h")
    assert load_addon(addon).addon.name == "linked"


def test_a_makefile_that_is_a_link_is_not_written_through(addon: Path) -> None:
    secret = addon.parent.parent / "secret"
    (addon.parent / "Makefile").symlink_to(secret)
    with pytest.raises(KitError, match="is a link that leads out of its folder"):
        add_to_makefile(addon)
    assert secret.read_text() == "secret"


@pytest.mark.parametrize("plant", [lambda file: file.symlink_to("/etc/passwd"), os.mkfifo, os.mkdir])
def test_a_planted_recording_is_damaged(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    plant(tmp_path / FILE_NAME)
    with pytest.raises(KitError, match="is damaged"):
        load(tmp_path)


def test_a_device_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="not a file"):
        read_plain(Path("/dev/zero"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(KitError, match="is not a file"):
        check_inside(tmp_path / "pipe")


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
def test_a_build_that_returns_what_is_no_file(kind: str, tmp_path: Path) -> None:
    sent, returned = tmp_path / "sent", tmp_path / "returned"
    for folder in (sent, returned):
        folder.mkdir()
        (folder / "kept").symlink_to("addon.ko")
    (returned / "addon.ko").write_text("x")
    check_returned(returned, sent)
    match kind:
        case "link":
            (returned / "other.ko").symlink_to("/etc/passwd")
        case "changed link":
            (returned / "kept").unlink()
            (returned / "kept").symlink_to("/etc/passwd")
        case "pipe":
            os.mkfifo(returned / "other.ko")
    with pytest.raises(KitError, match="which is no file"):
        check_returned(returned, sent)
