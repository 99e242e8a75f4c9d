# SPDX-License-Identifier: GPL-2.0-only
"""The tables that user space writes: how the module has them, how probes name them, what an entry is in C."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.typing import c_types
from lttng_addon_kit.expression.typing.scope import Lookup
from lttng_addon_kit.kernel.types import Array, Integer, Type, Typedef
from lttng_addon_kit.sinks.abi_types import AbiStruct, lay_out, named_type
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.lookup_table import LookupTable


@dataclass(frozen=True)
class LookupPlan:
    """A table as the templates print it.

    Attributes:
        index: its place among the addon's tables.
        c_name: its variable in C.
        entry: an entry as user space has it.
    """

    spec: LookupTable
    index: int
    c_name: str
    entry: AbiStruct

    @property
    def key(self) -> AbiType:
        return self.entry.members[0].type

    @property
    def value(self) -> AbiType:
        return self.entry.members[1].type

    @property
    def about(self) -> str:
        return f"{self.spec.key} to {self.spec.value}, at most {self.spec.entries}"


def plan_lookups(addon: Addon) -> tuple[LookupPlan, ...]:
    """The addon's tables, in the order of addon.toml."""
    return tuple(_plan(addon, index, table) for index, table in enumerate(addon.tables))


def readable_tables(addon: Addon) -> Mapping[str, Lookup]:
    """What expressions may read as `NAME[key]`, and the C that has it."""
    return {each.name: Lookup(_variable(each), _type(each.key), _type(each.value)) for each in addon.tables}


def _plan(addon: Addon, index: int, table: LookupTable) -> LookupPlan:
    members = [("key", named_type(table.key, {})), ("value", named_type(table.value, {}))]
    entry = lay_out(table.name, f"{addon.c_name}_{table.name}_entry", members)
    return LookupPlan(table, index, _variable(table), entry)


def _variable(table: LookupTable) -> str:
    return f"addon_{table.name}_table"


def _type(name: str) -> Type:
    """A type of addon.toml as the kernel's C has it."""
    if name == "bool":
        return c_types.BOOL
    if name.startswith("char["):
        return Array(c_types.CHAR, int(name[5:-1]))
    size = int(name[1:]) // 8
    unsigned = c_types.UNSIGNED_BY_SIZE[size]
    if name.startswith("u"):
        return unsigned
    signed = {1: "signed char", 2: "short", 4: "int", 8: "long long"}[size]
    return Typedef(name, Integer(signed, size, True))
