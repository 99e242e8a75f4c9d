# SPDX-License-Identifier: GPL-2.0-only
"""In a folder that somebody else prepared, links do not lead out, and a pipe does not hold a command up."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.module.makefile import add_to_makefile
from lttng_addon_kit.plain_files import check_inside, read_plain
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
