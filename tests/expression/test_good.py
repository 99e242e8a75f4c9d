# SPDX-License-Identifier: GPL-2.0-only
"""Every case of good.toml: read, lowered, and compiled against the real kernel's headers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.target.registry import Target
from tests.expression.cases import Case, lowered
from tests.expression.compiled import body, compiled


def _cases() -> list[Case]:
    tables: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("good.toml").read_text())["case"]
    return [Case(**{**table, "fields": tuple(table.get("fields", ()))}) for table in tables]


CASES = _cases()


@pytest.mark.parametrize("case", [case for case in CASES if case.c], ids=lambda case: case.name)
def test_wanted_c(case: Case, kernel: Kernel) -> None:
    event = lowered(case, kernel)
    values = [f"\t{argument.declaration} = {argument.text}" for value in event.values for argument in value.arguments]
    assert body(event) + "\n".join(values) + "\n" == case.c


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_line_is_longer_than_80_columns(case: Case, kernel: Kernel) -> None:
    assert [line for line in body(lowered(case, kernel)).splitlines() if len(line.expandtabs(8)) > 80] == []


def test_all_compile(tmp_path: Path, kernel: Kernel, target: Target) -> None:
    made = compiled(CASES, kernel, target, tmp_path)
    assert made.status == 0, made.output


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert all(names)
    assert len(set(names)) == len(names)
