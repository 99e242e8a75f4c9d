# SPDX-License-Identifier: GPL-2.0-only
"""Builds at once: of one addon, of several that share lttng-addons.ko, by several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lttng_addon_kit.workspace import cache_folder

pytestmark = pytest.mark.vm  # not booted, but its kernel's headers and compiler are needed

COLLECTS = """\
[addon]
name = "{name}"

[[aggregate]]
name = "wakeups"
kind = "count"
hook = "tracepoint:sched_wakeup"
"""


def test_builds_at_once(tmp_path: Path, target: object) -> None:
    """Eight processes build in an empty cache's build folders, three of them one addon, two another."""
    for name in ("first", "second", "third", "fourth", "fifth"):
        folder = tmp_path / "addons" / name
        folder.mkdir(parents=True)
        (folder / "addon.toml").write_text(COLLECTS.format(name=name), encoding="utf-8")
    cache = _cache_without_builds(tmp_path / "cache")
    command = Path(sys.executable).with_name("lttng-addon")
    running = [
        subprocess.Popen(
            [command, "build", name],
            cwd=tmp_path,
            env=os.environ | {"LTTNG_ADDON_KIT_CACHE": str(cache)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name in ("first", "first", "first", "second", "second", "third", "fourth", "fifth")
    ]
    outputs = [each.communicate(timeout=300)[0] for each in running]
    assert [each.returncode for each in running] == [0] * 8, "\n".join(outputs)


OWN_FUNCTION = """\
[addon]
name = "broken"

[module]
sources = ["own.c"]

[[event]]
name = "broken_event"
hook = "tracepoint:sched_wakeup"

[event.fields]
twice = "twice(p->pid)"
"""
BROKEN_C = """\
#include <linux/types.h>

u32 twice(u32 value)
{
	return 2 * valeu;
}
"""


def test_a_compilers_error_has_its_place_in_the_users_file(tmp_path: Path, target: object) -> None:
    folder = tmp_path / "addons/broken"
    folder.mkdir(parents=True)
    (folder / "addon.toml").write_text(OWN_FUNCTION, encoding="utf-8")
    (folder / "own.c").write_text(BROKEN_C, encoding="utf-8")
    command: list[str | Path] = [Path(sys.executable).with_name("lttng-addon"), "build", "broken"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    error, line, mark, *_ = done.stderr[done.stderr.index("addons/broken/own.c") :].splitlines()
    assert error.startswith("addons/broken/own.c:5:13: error: ")
    assert "undeclared" in error
    assert (line, mark.index("^")) == ("   return 2 * valeu;", line.index("valeu"))


def _cache_without_builds(cache: Path) -> Path:
    """The user's cache (targets, kernel types) with no build in it."""
    cache.mkdir()
    for entry in cache_folder().iterdir():
        if entry.name != "build":
            (cache / entry.name).symlink_to(entry)
    return cache
