# SPDX-License-Identifier: GPL-2.0-only
"""The JSON schema of addon.toml: every key is described, and the project's own addons are what it allows."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from lttng_addon_kit.hooks.hook_kinds import hook_kinds
from lttng_addon_kit.module.addon_schema import json_schema
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import aggregate_kinds
from tests.cases.case_file import CASES, read_case
from tests.conftest import PROJECT
from tests.test_docs import SPECS

SCHEMA = json_schema()
TABLES = {"addon.toml": SCHEMA, **SCHEMA["$defs"]}
DRAFTS = (Draft7Validator, Draft202012Validator)
ADDON = {"name": "x"}
EVENT = {"name": "x_y", "hook": "tracepoint:sched_switch"}


def addons() -> Iterator[Any]:
    """Every addon.toml of the project."""
    found = subprocess.run(["git", "ls-files", "*addon.toml"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in found.stdout.splitlines():
        yield pytest.param(tomllib.loads((PROJECT / name).read_text(encoding="utf-8")), id=name)
    for path in CASES:
        yield pytest.param({"addon": ADDON, **read_case(path).spec}, id=path.stem)
    for block in SPECS:
        yield pytest.param(tomllib.loads(str(block.values[0])), id=block.id)


def problems(addon: dict[str, Any]) -> list[str]:
    """What the schema's own draft says, and the one that taplo, and with it VS Code, reads every schema by."""
    old, own = ([each.message for each in draft(SCHEMA).iter_errors(addon)] for draft in DRAFTS)
    assert old == own
    return own


@pytest.mark.parametrize("addon", [*addons()])
def test_the_schema_allows(addon: dict[str, Any]) -> None:
    assert problems(addon) == []


@pytest.mark.parametrize(
    "part",
    [
        {"event": [EVENT | {"hook": "nohook:sched_switch"}]},
        {"event": [EVENT | {"fields": {"len": 1}}]},
        {"event": [EVENT | {"fields": {"len": {"value": "1", "bass": 16}}}]},
        {"aggregate": [{"name": "x", "kind": "median", "hook": "tracepoint:sched_switch"}]},
        {"parameters": {"limit": 1.5}},
        {"command": [{"name": "X", "number": 128, "direction": "none", "function": "x"}]},
    ],
)
def test_the_schema_refuses(part: dict[str, Any]) -> None:
    assert problems({"addon": ADDON, **part})


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_described(table: str) -> None:
    assert [name for name, key in TABLES[table]["properties"].items() if not key.get("description")] == []


def test_the_schema_knows_all_kinds() -> None:
    assert TABLES["EventTable"]["properties"]["hook"]["pattern"] == f"^({'|'.join(hook_kinds())}):"
    assert TABLES["AggregateTable"]["properties"]["kind"]["enum"] == list(aggregate_kinds())
