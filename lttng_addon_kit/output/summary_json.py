# SPDX-License-Identifier: GPL-2.0-only
"""The summary for programs; docs/summary.md documents the shape."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from lttng_addon_kit.trace.model import Summary


def to_json(summary: Summary) -> dict[str, Any]:
    """The summary as what `json.dumps` takes: dicts, lists, text, numbers, None."""
    data: dict[str, Any] = TypeAdapter(Summary).dump_python(summary, mode="json")
    return data


def json_schema() -> dict[str, Any]:
    """The JSON schema of what `to_json` gives."""
    return TypeAdapter(Summary).json_schema(mode="serialization")
