# SPDX-License-Identifier: GPL-2.0-only
"""What is wrong in one part, addon or field does not hide what is wrong in the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit.errors import Gathering, KitError, Location, UsageError, render
from lttng_addon_kit.spec.find_addons import find_addons
from lttng_addon_kit.workspace import Workspace


def test_mistakes_in_several_addons_are_said_at_once(tmp_path: Path) -> None:
    for name, text in (("one", "[addon\n"), ("two", '[addon]\nname = "three"\n'), ("four", "[addon]\nname = 4\n")):
        (tmp_path / "addons" / name).mkdir(parents=True)
        (tmp_path / "addons" / name / "addon.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KitError) as refused:
        find_addons(Workspace(tmp_path), [])
    said = render(refused.value).replace(f"{tmp_path}/addons/", "")
    places = [line.partition(": ")[0] for line in said.splitlines() if ": error: " in line]
    assert places == ["four/addon.toml:2:8", "one/addon.toml:1:7", "two/addon.toml:1"]


def test_what_is_said_twice_is_said_once_and_by_place(tmp_path: Path) -> None:
    first, second = Location(tmp_path / "a", 1, 2), Location(tmp_path / "a", 12, 1)
    found = Gathering()
    for message, where in (("b", second), ("a", first), ("b", second)):
        with found.part():
            raise UsageError(message, location=where)
    with pytest.raises(UsageError) as refused:
        found.refuse()
    assert [refused.value.message, *(each.message for each in refused.value.others)] == ["a", "b"]


def test_nothing_found_is_nothing_refused() -> None:
    found = Gathering()
    with found.part():
        pass
    found.refuse()
