# SPDX-License-Identifier: GPL-2.0-only
"""The description: what NAME_abi.h says, as JSON, for programs that were not compiled with it (docs/boundary.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lttng_addon_kit.module.boundary import Boundary
from lttng_addon_kit.module.lookups import LookupPlan
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.sinks.abi_types import AbiMember, AbiStruct
from lttng_addon_kit.sinks.aggregate_sink import AggregateCode
from lttng_addon_kit.spec.addon import Addon


@dataclass(frozen=True)
class BoundaryDescription:
    """The text, and what modules and programs compare."""

    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def lines(self) -> list[str]:
        """Its lines, with their ends."""
        return self.text.splitlines(keepends=True)


def describe_boundary(
    addon: Addon, boundary: Boundary, lookups: Sequence[LookupPlan], mapped: AbiStruct | None
) -> BoundaryDescription:
    """The description of an addon's boundary on one kernel."""
    record = boundary.record
    described = {
        "name": addon.name,
        "module": addon.kernel_module_name,
        "parameters": [{"name": name, "kind": each.kind} for name, each in addon.parameters.items()],
        "mapped": mapped and {"size": mapped.size, "members": [_member(each) for each in mapped.members]},
        "hooks": [_hook(each) for each in boundary.hooks],
        "aggregates": [_aggregate(each) for each in boundary.aggregates],
        "tables": [_table(each) for each in lookups],
        "record": record
        and {
            "hook": record.probe,
            "size": record.struct.size,
            "fields": [_member(each) for each in record.struct.members],
        },
        "commands": [
            {
                "name": each.spec.name,
                "number": each.spec.number,
                "direction": each.spec.direction,
                "request": each.request,
                "type": each.spec.argument,
            }
            for each in boundary.commands
        ],
        "structs": [
            {"name": each.name, "size": each.size, "members": [_member(member) for member in each.members]}
            for each in boundary.structs
        ],
    }
    keys = ",\n".join(f'"{key}":{_json(value)}' for key, value in described.items())
    return BoundaryDescription(f"{{\n{keys}\n}}\n")


def _json(value: Any) -> str:
    """As JSON; of a list, an element a line."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_json, value)) + "]"
    return json.dumps(value, separators=(",", ":"))


def _hook(probe: Probe) -> dict[str, Any]:
    return {"name": probe.site.name, "hook": probe.hook.text, "filter": probe.filter}


def _aggregate(code: AggregateCode) -> dict[str, Any]:
    spec = code.spec
    described: dict[str, Any] = {
        "name": spec.name,
        "kind": spec.kind,
        "value": spec.value,
        "by": spec.by,
        "hook": code.probe,
        "after_filter": spec.at == "passed",
        "type": code.value_type.name if code.value_type else None,
        "key": code.key.type.name if code.key else None,
        "scale": code.buckets and code.buckets.description,
    }
    if code.labels:
        described["labels"] = {str(value): label for value, label in code.labels.items()}
    return described


def _table(table: LookupPlan) -> dict[str, Any]:
    return {
        "name": table.spec.name,
        "entries": table.spec.entries,
        "size": table.entry.size,
        "members": [_member(each) for each in table.entry.members],
    }


def _member(member: AbiMember) -> dict[str, Any]:
    described: dict[str, Any] = {"name": member.name, "type": member.type.name, "offset": member.offset}
    if member.type.labels:
        described["labels"] = {str(value): label for value, label in member.type.labels.items()}
    return described
