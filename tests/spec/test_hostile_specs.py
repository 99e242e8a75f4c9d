# SPDX-License-Identifier: GPL-2.0-only
"""Specs that no person writes are refused as all others are: nested too deep, too long, with names no file can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.makefile import add_to_makefile
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.find_addons import find_addons
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.spec.settings import choose_settings
from lttng_addon_kit.workspace import Workspace

SPEC = """
[addon]
name = "an-addon"
[parameters]
n = 1
[[event]]
name = "an_event"
hook = "call:own_function"
[event.arguments]
x = "u32"
"""


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "addon.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(SPEC + "y = " + "[" * 5000, "nests its values too deep", id="array"),
        pytest.param(SPEC + "y = " + "{a=" * 5000, "nests its values too deep", id="table"),
        pytest.param(SPEC + ".".join("a" * 5000) + " = 1", "nests its values too deep", id="key"),
        pytest.param(SPEC.replace("n = 1", "n = " + "9" * 5000), "4300 digits", id="digits"),
        pytest.param(SPEC.replace("n = 1", "n = 0x" + "f" * 5000), "does not fit", id="hexadecimal digits"),
        pytest.param(SPEC + "[event.fields]\ny = 0x" + "f" * 5000, "must be", id="digits in place of text"),
        pytest.param(SPEC + f'[module]\nsources = ["{"a" * 300}.c"]', "which is not there", id="source"),
        pytest.param(SPEC + f'[workload]\ncommand = "a"\nfiles = ["{"a" * 300}"]', "which is not there", id="file"),
        pytest.param(SPEC + '[workload]\ncommand = ["a\\u0000b"]', "no NUL", id="NUL"),
        pytest.param(SPEC + '[workload]\ncommand = "a\\u0000b"', "no NUL", id="NUL in a text"),
    ],
)
def test_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=message):
        load_addon(write(tmp_path, text))


@pytest.mark.parametrize(
    "c_type", ["unsigned looong", "u32)1 + (u32", "u32)(u32", "u32)-(u8", "task_nice(next)", "u32;"]
)
def test_what_is_no_type_is_refused_at_its_place(c_type: str, kernel: Kernel, tmp_path: Path) -> None:
    source = load_addon(write(tmp_path, SPEC.replace('"u32"', f'"{c_type}"')))
    with pytest.raises(KitError) as refused:
        generate_sources(source, kernel)
    assert refused.value.location
    assert refused.value.location.line == 10


@pytest.mark.parametrize("value", ["9223372036854775808", "-9223372036854775809", "010", "9" * 5000, "0x" + "f" * 5000])
def test_what_no_parameter_holds_is_refused_before_anything_runs(value: str, tmp_path: Path) -> None:
    addon = load_addon(write(tmp_path, SPEC)).addon
    with pytest.raises(UsageError, match="--set n: ") as refused:
        choose_settings([addon], {"n": value})
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("name", ["$(shell touch pwned)", "a b", "a:b", "#x", "other"])
def test_a_folder_of_another_name_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path / "addons" / name, SPEC)
    with pytest.raises(KitError, match="is named 'an-addon'"):
        find_addons(Workspace(tmp_path), ())


@pytest.mark.parametrize("name", ["$(shell touch pwned)", "a b", "a:b", "#x"])
def test_the_makefile_names_no_folder_that_make_would_obey(name: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="is not an addon name"):
        add_to_makefile(write(tmp_path / name, SPEC))
    assert not (tmp_path / "Makefile").exists()
