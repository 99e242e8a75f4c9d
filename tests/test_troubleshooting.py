# SPDX-License-Identifier: GPL-2.0-only
"""Each fault of docs/troubleshooting.md has a test that provokes it, and the page says all that a user needs."""

from __future__ import annotations

import ast

import pytest

from tests.conftest import PROJECT
from tests.troubleshooting import PAGE, Fault, faults

PARTS = ("**Means.**", "**Kept.**", "**Do.**")


def provoked() -> list[str]:
    """The headings that tests call `shows` with."""
    return [
        node.args[0].value
        for file in (PROJECT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "shows"
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]


def test_each_fault_is_provoked_by_a_test() -> None:
    assert sorted(set(provoked())) == sorted(faults())


def test_each_section_is_a_fault() -> None:
    headings = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
    assert headings == [f"### {heading}" for heading in faults()]


@pytest.mark.parametrize("fault", faults().values(), ids=lambda fault: fault.heading)
def test_each_fault_says_what_it_means_what_is_kept_and_what_to_do(fault: Fault) -> None:
    assert [part for part in PARTS if part not in fault.rest] == []
