# SPDX-License-Identifier: GPL-2.0-only
"""Every case is well-formed, and C is generated for it: what can be said of a case without running it."""

from __future__ import annotations

from pathlib import Path

import jmespath
import pytest

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.spec.load import load_addon
from lttng_addon_kit.target.releases import RELEASES
from tests.cases.case_file import CASES, case_id, read_case
from tests.conftest import DEFAULT


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_case_is_well_formed(path: Path, kernel: Kernel, tmp_path: Path) -> None:
    case = read_case(path)
    assert {*case.directives.releases, *case.directives.cannot_run} <= set(RELEASES)
    for expression in (each for expressions in case.expect.values() for each in expressions):
        jmespath.compile(expression)
    case.write_addon(tmp_path)
    addon = load_addon(tmp_path)
    if DEFAULT in case.directives.releases:
        assert generate_sources(addon, kernel).files
