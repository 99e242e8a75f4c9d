# SPDX-License-Identifier: GPL-2.0-only
"""Generated C has lines of at most 80 columns: only texts, which are kept whole, and directives may be longer."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from lttng_addon_kit.gallery import list_templates
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import load_addon
from tests.cases.case_file import CASES, case_id, read_case
from tests.conftest import DEFAULT

OF_DEFAULT = [path for path in CASES if DEFAULT in read_case(path).directives.releases]


def long_lines(folder: Path, kernel: Kernel) -> Iterator[str]:
    """The lines that are too long of the addon in a folder."""
    for file in generate_sources(load_addon(folder), kernel).files:
        if file.name.endswith((".c", ".h")) and not file.name.startswith("lttng-addon"):
            yield from (
                line
                for line in file.text.splitlines()
                if len(line.expandtabs(8)) > 80 and '"' not in line and not line.startswith("#")
            )


@pytest.mark.parametrize(
    "path", [path for path in CASES if DEFAULT in read_case(path).directives.releases], ids=case_id
)
def test_lines_of_a_case(path: Path, kernel: Kernel, tmp_path: Path) -> None:
    read_case(path).write_addon(tmp_path)
    assert [*long_lines(tmp_path, kernel)] == []


@pytest.mark.parametrize("name", [each.name for each in list_templates()])
def test_lines_of_a_template(name: str, kernel: Kernel) -> None:
    with as_file(files("lttng_addon_kit.templates") / "gallery" / name) as folder:
        assert [*long_lines(folder, kernel)] == []
