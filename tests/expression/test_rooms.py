"""The folders of expression/ import in one direction."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import lttng_addon_kit.expression as expression

ORDER = ("syntax", "typing", "c", "fields", "builtins")
FOLDER = Path(str(expression.__file__)).parent


@pytest.mark.parametrize("room", ORDER)
def test_a_room_knows_only_those_before_it(room: str) -> None:
    allowed = ORDER[: ORDER.index(room) + 1]
    for path in sorted((FOLDER / room).glob("*.py")):
        if _is_moved(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{expression.__name__}."):
                assert str(node.module).split(".")[2] in allowed, f"{path.name} imports {node.module}"


def _is_moved(path: Path) -> bool:
    return path.read_text(encoding="utf-8").startswith('"""Moved to ')
