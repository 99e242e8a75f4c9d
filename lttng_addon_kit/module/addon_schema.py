# SPDX-License-Identifier: GPL-2.0-only
"""The JSON schema of addon.toml, for editors that complete and check TOML by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lttng_addon_kit.hooks.hook_kinds import hook_kinds
from lttng_addon_kit.module.write import replace_file
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import aggregate_kinds
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.aggregate_table import AggregateTable

SCHEMA_FILE = "addon.schema.json"

# The first line of an addon.toml: where editors find the schema (taplo, and the extension of VS Code that has it).
SCHEMA_LINE = f"#:schema ../{SCHEMA_FILE}\n"


def json_schema() -> dict[str, Any]:
    """The schema of the tables, with the kinds of hooks and of aggregates that there are."""
    schema = Addon.model_json_schema()
    tables = schema["$defs"]
    for table in tables.values():
        if "hook" in table["properties"]:
            _text(table["properties"]["hook"])["pattern"] = f"^({'|'.join(hook_kinds())}):"
    tables[AggregateTable.__name__]["properties"]["kind"]["enum"] = list(aggregate_kinds())
    return schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def write_schema(addons: Path) -> list[Path]:
    """Write the schema into addons/, beside the folders of the addons.

    Returns:
        The file, if it changed.
    """
    path = addons / SCHEMA_FILE
    text = json.dumps(json_schema(), indent=2) + "\n"
    if path.is_file() and path.read_bytes() == text.encode():
        return []
    replace_file(path, text)
    return [path]


def _text(key: dict[str, Any]) -> dict[str, Any]:
    """The schema of the text that a key has, where it may also be missing."""
    found: dict[str, Any] = next((each for each in key.get("anyOf", ()) if each["type"] == "string"), key)
    return found
