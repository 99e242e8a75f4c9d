# SPDX-License-Identifier: GPL-2.0-only
"""The JSON schema of addon.toml: every key is described, and the project's own addons are what it allows."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from lttng_addon_kit.gallery import list_templates, new_from_template
from lttng_addon_kit.hooks.hook_kinds import hook_kinds
from lttng_addon_kit.module.addon_schema import SCHEMA_FILE, SCHEMA_LINE, json_schema, write_schema
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import aggregate_kinds
from lttng_addon_kit.workspace import Workspace
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


@pytest.mark.parametrize("template", [each.name for each in list_templates()])
def test_a_new_addon_leads_to_the_schema(template: str, tmp_path: Path) -> None:
    source = new_from_template(Workspace(tmp_path), template, "another", {})
    first = source.path.read_text(encoding="utf-8").splitlines(keepends=True)[0]
    assert first == SCHEMA_LINE
    schema = source.folder / first.removeprefix("#:schema ").strip()
    assert json.loads(schema.read_text(encoding="utf-8")) == SCHEMA


def test_the_schema_is_written_when_it_changed(tmp_path: Path) -> None:
    assert write_schema(tmp_path) == [tmp_path / SCHEMA_FILE]
    assert write_schema(tmp_path) == []
    (tmp_path / SCHEMA_FILE).write_bytes(b"\xff")
    assert write_schema(tmp_path) == [tmp_path / SCHEMA_FILE]


def test_the_projects_own_addons_have_todays() -> None:
    assert json.loads((PROJECT / "addons" / SCHEMA_FILE).read_text(encoding="utf-8")) == SCHEMA
