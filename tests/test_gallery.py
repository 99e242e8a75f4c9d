# SPDX-License-Identifier: GPL-2.0-only
"""Templates of the gallery under another name: all that knows the name follows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.gallery import HookAddon, hook_spec, list_templates, new_from_template
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.workspace import Workspace

TEMPLATES = [each.name for each in list_templates()]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_renamed_template_knows_only_its_own_name(template: str, kernel: Kernel, tmp_path: Path) -> None:
    source = new_from_template(Workspace(tmp_path), template, "another-name", {})
    assert generate_sources(source, kernel).files
    text = "".join(each.read_text(encoding="utf-8") for each in source.folder.iterdir())
    assert re.findall(rf"(?<!\w){template.replace('-', '[-_]')}", text, re.IGNORECASE) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", 'x"', "x\\1", "Big"])
def test_what_is_no_addon_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not an addon name"):
        new_from_template(Workspace(tmp_path), "skb-filter", name, {})
    assert not [*tmp_path.rglob("*")]


def test_the_workload_reads_the_file_of_the_renamed_addon(tmp_path: Path) -> None:
    workload = new_from_template(Workspace(tmp_path), "procfs-stats", "packets", {}).addon.workload
    assert workload
    assert "/proc/lttng-addons/packets" in workload.words[-1]


@pytest.mark.parametrize("text", ["a\nb", "\x1b", "'", "it's\t", '"', "\\", "a > 1"])
def test_any_text_of_the_command_line_gets_into_the_spec(text: str) -> None:
    (event,) = tomllib.loads(hook_spec(HookAddon("mine", "tracepoint:a", text, {"x": text})))["event"]
    assert (event["filter"], event["fields"]["x"]) == (text, text)
