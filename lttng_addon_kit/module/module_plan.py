# SPDX-License-Identifier: GPL-2.0-only
"""A whole module as the templates print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.module.boundary import Boundary
from lttng_addon_kit.module.boundary_description import BoundaryDescription
from lttng_addon_kit.module.init_steps import InitStep
from lttng_addon_kit.module.lookups import LookupPlan
from lttng_addon_kit.module.parameters import ParameterPlan
from lttng_addon_kit.module.preamble import Preamble
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.module.providers import Provider
from lttng_addon_kit.module.spans import SpanPlan
from lttng_addon_kit.sinks.abi_types import AbiStruct
from lttng_addon_kit.spec.addon import Addon

# MODULE_LICENSE()'s words (include/linux/module.h) -> SPDX.
_SPDX = {
    "GPL": "GPL-2.0-only",
    "GPL v2": "GPL-2.0-only",
    "Dual BSD/GPL": "GPL-2.0-only OR BSD-3-Clause",
    "Dual MIT/GPL": "GPL-2.0-only OR MIT",
    "Dual MPL/GPL": "GPL-2.0-only OR MPL-1.1",
}


@dataclass(frozen=True)
class ModulePlan:
    """A module.

    Attributes:
        mapped: the parameters that programs may map, as they are in memory.
        events: the probes that LTTng attaches.
        collecting: the probes that the runtime attaches.
        boundary, description: what crosses the boundary to user space, if anything does.
    """

    addon: Addon
    parameters: Sequence[ParameterPlan]
    mapped: AbiStruct | None
    preamble: Preamble
    events: Sequence[Probe]
    providers: Sequence[Provider]
    collecting: Sequence[Probe]
    spans: Sequence[SpanPlan]
    lookups: Sequence[LookupPlan]
    boundary: Boundary | None
    description: BoundaryDescription | None
    init_steps: Sequence[InitStep]

    @property
    def hooks(self) -> list[Hook]:
        """Those of all probes."""
        return [each.hook for each in (*self.events, *self.collecting)]

    @property
    def about(self) -> str:
        return self.addon.addon.description or self.addon.name

    @property
    def spdx(self) -> str:
        return _SPDX[self.addon.addon.license]

    @property
    def objects(self) -> list[str]:
        """What is linked into the module."""
        own = (name.removesuffix(".c") + ".o" for name in self.addon.module.sources)
        return [f"{self.addon.name}.o", *own]

    @property
    def text_parameters(self) -> list[ParameterPlan]:
        return [each for each in self.parameters if each.kind == "text"]

    @property
    def value_parameters(self) -> list[ParameterPlan]:
        return [each for each in self.parameters if each.kind != "text" and not each.mapped]

    @property
    def mapped_parameters(self) -> list[ParameterPlan]:
        return [each for each in self.parameters if each.mapped]

    @property
    def own_tracepoints(self) -> list[Probe]:
        """The events that have a tracepoint of their own, as their hook is none."""
        return [each for each in self.events if not each.hook.is_tracepoint]

    @property
    def has_proc(self) -> bool:
        return self.addon.interfaces.procfs and bool(self.collecting or self.lookups)
