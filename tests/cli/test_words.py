# SPDX-License-Identifier: GPL-2.0-only
"""Words of the command line that are not quite right are answered with the right ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "bogus"), ("error: 'list' knows no 'bogus'", "there are templates, addons, traces")),
        (("list", "tracepoint"), ("error: 'list' knows no 'tracepoint'", "did you mean 'tracepoints'")),
        (
            ("new", "tracepoint", "sched_switch"),
            ("'new' takes one template", "lttng-addon new tracepoint --name NAME --hook tracepoint:sched_switch"),
        ),
    ],
)
def test_misspelt(words: tuple[str, ...], said: tuple[str, ...], lttng_addon: Command) -> None:
    done = lttng_addon(*words)
    assert done.returncode == 2
    for each in said:
        assert each in done.stderr


def test_a_folder_in_place_of_addon_toml(lttng_addon: Command, workspace: Path) -> None:
    (workspace / "addons/odd/addon.toml").mkdir(parents=True)
    done = lttng_addon("generate", "odd")
    assert done.returncode == 1
    assert "is a folder; an addon is described in a file of that name" in done.stderr


def test_an_addon_toml_that_is_no_text(lttng_addon: Command, workspace: Path) -> None:
    (workspace / "addons/odd").mkdir()
    (workspace / "addons/odd/addon.toml").write_bytes(b'[addon]\nname = "\xff"\n')
    done = lttng_addon("generate", "odd")
    assert done.returncode == 1
    assert "addon.toml:2: error: this is no text in UTF-8: byte 0xff" in done.stderr
    assert "hint: save the file in UTF-8" in done.stderr
