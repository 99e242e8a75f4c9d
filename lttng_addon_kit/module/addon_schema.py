# SPDX-License-Identifier: GPL-2.0-only
"""The JSON schema of addon.toml, for editors that complete and check TOML by one."""

from __future__ import annotations

from typing import Any

from lttng_addon_kit.hooks.hook_kinds import hook_kinds
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import aggregate_kinds
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.aggregate_table import AggregateTable


def json_schema() -> dict[str, Any]:
    """The schema of the tables, with the kinds of hooks and of aggregates that there are."""
    schema = Addon.model_json_schema()
    tables = schema["$defs"]
    for table in tables.values():
        if "hook" in table["properties"]:
            _text(table["properties"]["hook"])["pattern"] = f"^({'|'.join(hook_kinds())}):"
    tables[AggregateTable.__name__]["properties"]["kind"]["enum"] = list(aggregate_kinds())
    return schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def _text(key: dict[str, Any]) -> dict[str, Any]:
    """The schema of the text that a key has, where it may also be missing."""
    found: dict[str, Any] = next((each for each in key.get("anyOf", ()) if each["type"] == "string"), key)
    return found
