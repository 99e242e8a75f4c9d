# SPDX-License-Identifier: GPL-2.0-only
"""addon.toml as plain, validated data. What the words mean is in docs/addon.toml.md.

Hooks, expressions and kinds of aggregates are kept as text here: what they mean depends on a kernel, and is decided by
`hooks/`, `expression/` and `sinks/`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from lttng_addon_kit.spec.aggregate_table import AggregateTable
from lttng_addon_kit.spec.boundary_tables import CommandTable, InterfacesTable, ProcfsTable, StructTable
from lttng_addon_kit.spec.event_table import EventTable
from lttng_addon_kit.spec.lookup_table import LookupTable
from lttng_addon_kit.spec.module_table import ModuleTable
from lttng_addon_kit.spec.parameter_table import ParameterName, ParameterTable
from lttng_addon_kit.spec.share_table import ShareTable
from lttng_addon_kit.spec.span_table import SpanTable
from lttng_addon_kit.spec.spec_table import Line, SpecTable, value_as_table
from lttng_addon_kit.spec.where import SourceTable
from lttng_addon_kit.spec.workload_table import WorkloadTable

# MODULE_NAME_LEN is 64 - sizeof(unsigned long) (include/linux/moduleparam.h); the prefix takes 12.
ADDON_NAME_LENGTH = 40


def addon_name(text: str) -> str:
    """`text`, if an addon may be called so.

    Raises:
        ValueError: it may not.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", text) or len(text) > ADDON_NAME_LENGTH:
        raise ValueError(
            f"{text!r} is not an addon name: lower-case letters, digits and single dashes, "
            f"a letter first, at most {ADDON_NAME_LENGTH} characters"
        )
    return text


class AddonTable(SpecTable):
    """`[addon]`: the module's name, description and license."""

    name: Annotated[str, AfterValidator(addon_name)]
    """Lower-case letters, digits and single dashes; the module is `lttng-addon-NAME.ko`."""
    description: Line = ""
    """One line, which `modinfo` and lists show."""
    # What MODULE_LICENSE takes (include/linux/module.h) and LTTng's GPL-only symbols allow.
    license: Literal["GPL", "GPL v2", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"] = "GPL"
    """What `MODULE_LICENSE` says."""


class Addon(SpecTable):
    """A whole addon.toml."""

    addon: AddonTable
    """The module's name, description and license."""
    module: ModuleTable = ModuleTable()
    """Your own C files, built into the module."""
    parameters: dict[ParameterName, Annotated[ParameterTable, value_as_table("default", ParameterTable)]] = {}
    """Module parameters by name; expressions have a parameter's value as `$NAME`."""
    events: Annotated[list[EventTable], Field(alias="event")] = []
    """LTTng events: where to look, when to record, what to record."""
    spans: Annotated[list[SpanTable], Field(alias="span")] = []
    """What lies between two moments; each is a hook, `span:NAME`."""
    aggregates: Annotated[list[AggregateTable], Field(alias="aggregate")] = []
    """Values that the kernel adds up by key."""
    share: ShareTable | None = None
    """A ring of records for each CPU, in memory that user space maps."""
    tables: Annotated[list[LookupTable], Field(alias="table")] = []
    """Keys with values that user space writes and expressions read."""
    interfaces: InterfacesTable = InterfacesTable()
    """Which interfaces to user space are left out."""
    procfs: list[ProcfsTable] = []
    """Files of the addon's own in /proc/lttng-addons."""
    structs: Annotated[list[StructTable], Field(alias="struct")] = []
    """Structs that commands have as arguments."""
    commands: Annotated[list[CommandTable], Field(alias="command")] = []
    """Commands (ioctls) of the addon's device."""
    workload: WorkloadTable | None = None
    """What `lttng-addon run` runs when no command is given."""

    @property
    def name(self) -> str:
        return self.addon.name

    @property
    def c_name(self) -> str:
        """The name as part of C names."""
        return self.name.replace("-", "_")

    def on(self, version: tuple[int, int, int]) -> Addon:
        """This addon as it is on a kernel of that version; see `EventTable.on`."""
        return self.model_copy(update={"events": [event.on(version) for event in self.events]})

    @property
    def has_interfaces(self) -> bool:
        """Whether it has a side in user space, beside its events."""
        return bool(
            self.collects or self.spans or self.tables or self.mapped_parameters or self.procfs or self.commands
        )

    @property
    def mapped_parameters(self) -> dict[str, ParameterTable]:
        """Those that programs may map, by name."""
        return {name: each for name, each in self.parameters.items() if each.mapped}

    @property
    def collects(self) -> bool:
        """Whether it has a parameter `collect`: tables that take values from a hook, such as aggregates."""
        tables = (each for _, value in self for each in (value if isinstance(value, list) else [value]))
        return any(isinstance(each, SourceTable) for each in tables)

    @property
    def module_name(self) -> str:
        """The module's name as in `modprobe` and the .ko's file name."""
        return f"lttng-addon-{self.name}"

    @property
    def kernel_module_name(self) -> str:
        """The module's name as in /sys/module and /proc/modules."""
        return self.module_name.replace("-", "_")
