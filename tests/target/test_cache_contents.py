# SPDX-License-Identifier: GPL-2.0-only
"""The cache's content is listed with its size, and what is created again by itself can be removed, unless in use."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lttng_addon_kit.machine.folders import locked, run_folder
from lttng_addon_kit.target.cache_contents import clear, list_contents
from tests.conftest import Command


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache with something of each kind, 8192 bytes each."""
    cache = tmp_path / "cache"
    for name in (
        "build/6.1/a-1/a.ko",
        "build/6.1/b-2/b.ko",
        "kernels/6.1-x.sqlite",
        "targets/bookworm/snapshots/tcg-1/memory",
        "targets/bookworm/disk.raw",
        "recordings/20260101-000000-a/trace",
    ):
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).write_bytes(bytes(8192))
    (cache / "kernels/6.1-x.crc32").write_text("0")
    (cache / "build/6.1/.a-1.lock").touch()
    return cache


def test_each_kind_is_a_row(cache: Path) -> None:
    rows = {each.kind: each for each in list_contents(cache)}
    assert {kind: each.count for kind, each in rows.items()} == {
        "builds of addons": 2,
        "types of kernels": 1,
        "snapshots of machines": 1,
        "target bookworm": 1,
        "recordings that had no room elsewhere": 1,
    }
    assert all(each.size >= 8192 for each in rows.values())
    assert rows["target bookworm"].removed_by == "lttng-addon target remove bookworm"


def test_clearing_leaves_targets_recordings_and_what_is_in_use(cache: Path) -> None:
    with locked(cache / "build/6.1/.b-2.lock", lambda: None), run_folder(cache / "targets/bookworm/runs"):
        assert clear(cache) >= 16384
        kept = {each.kind for each in list_contents(cache)}
    assert kept == {
        "builds of addons",
        "snapshots of machines",
        "target bookworm",
        "recordings that had no room elsewhere",
    }
    assert clear(cache) >= 16384
    assert not list(cache.glob("build/6.1/*-*"))
    assert not list(cache.glob("kernels/*"))


def test_the_command(cache: Path, lttng_addon: Command) -> None:
    environment = {**os.environ, "LTTNG_ADDON_KIT_CACHE": str(cache)}
    listed = lttng_addon("cache", "--json", env=environment)
    assert listed.returncode == 0, listed.stderr
    assert [row["kind"] for row in json.loads(listed.stdout)][:2] == ["builds of addons", "types of kernels"]
    assert "MB  lttng-addon cache clear" in lttng_addon("cache", env=environment).stdout
    assert lttng_addon("cache", "clear", env=environment).stdout.startswith("freed 0.0")
    assert lttng_addon("cache", "clear", env=environment).stdout == "freed 0.0 MB\n"
    assert [row["kind"] for row in json.loads(lttng_addon("cache", "--json", env=environment).stdout)] == [
        "target bookworm",
        "recordings that had no room elsewhere",
    ]
