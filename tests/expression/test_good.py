"""Every case of good.toml: read, lowered, and compiled against the real kernel's headers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from cases import Case, lowered
from compiled import body, compiled

from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.target.registry import Target


def _cases() -> list[Case]:
    tables: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("good.toml").read_text())["case"]
    return [Case(**{**table, "fields": tuple(table.get("fields", ()))}) for table in tables]


CASES = _cases()


@pytest.mark.parametrize("index", [index for index, case in enumerate(CASES) if case.c])
def test_wanted_c(index: int, kernel: Kernel) -> None:
    event = lowered(CASES[index], kernel)
    values = [f"\t{argument.declaration} = {argument.text}" for value in event.values for argument in value.arguments]
    assert body(event) + "\n".join(values) + "\n" == CASES[index].c


def test_all_compile(tmp_path: Path, kernel: Kernel, target: Target) -> None:
    made = compiled(CASES, kernel, target, tmp_path)
    assert made.status == 0, made.output
