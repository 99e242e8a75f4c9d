# SPDX-License-Identifier: GPL-2.0-only
"""Addon + kernel -> the texts of its C sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lttng_addon_kit.errors import Gathering
from lttng_addon_kit.expression.builtins.cgroups import WORKLOAD_HEADER
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.expression.typing.typed import Rendering
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.abi_names import check_abi_names
from lttng_addon_kit.module.boundary import Boundary, plan_boundary
from lttng_addon_kit.module.boundary_description import BoundaryDescription, describe_boundary
from lttng_addon_kit.module.init_steps import init_steps
from lttng_addon_kit.module.lookups import plan_lookups
from lttng_addon_kit.module.lttng_addons import runtime_headers
from lttng_addon_kit.module.module_plan import ModulePlan
from lttng_addon_kit.module.own_functions import read_own_functions
from lttng_addon_kit.module.parameters import lay_out_mapped, plan_parameters
from lttng_addon_kit.module.preamble import plan_preamble
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.module.probes import Probes
from lttng_addon_kit.module.providers import plan_providers
from lttng_addon_kit.module.render import render
from lttng_addon_kit.module.scopes import Scopes
from lttng_addon_kit.module.spans import plan_spans
from lttng_addon_kit.module.write import DIGEST_PLACEHOLDER, GeneratedFile, with_digest
from lttng_addon_kit.sinks.lttng_event import EventCode
from lttng_addon_kit.spec.load import AddonSource


@dataclass(frozen=True)
class Sources:
    """An addon's C for one kernel.

    Attributes:
        files: the generated files.
        modules: the kernel's modules that have the hooks, to be loaded first.
        events: the events as they are on this kernel, with their expressions in C.
        boundary, description: what crosses the boundary to user space, if anything does.
        asks_workload: whether expressions ask for what belongs to the workload.
    """

    files: tuple[GeneratedFile, ...]
    modules: tuple[str, ...]
    events: tuple[EventCode, ...]
    boundary: Boundary | None
    description: BoundaryDescription | None
    asks_workload: bool

    @property
    def addresses(self) -> dict[str, dict[str, Rendering]]:
        """By event and field, those that are addresses: CTF 1.8 has no type for them."""
        return {each.spec.name: each.addresses for each in self.events}


def generate_sources(source: AddonSource, kernel: Kernel) -> Sources:
    """The sources of an addon for a kernel; nothing is written.

    Raises:
        KitError: a hook or an expression is wrong for this kernel; with its place in addon.toml.
    """
    module = plan_module(source, kernel)
    files = list(_render(module))
    return Sources(
        files=(*files, *runtime_headers(files)),
        modules=tuple(dict.fromkeys(hook.module for hook in module.hooks if hook.module)),
        events=tuple(each.event for each in module.events),
        boundary=module.boundary,
        description=module.description,
        asks_workload=WORKLOAD_HEADER in module.preamble.runtime_headers,
    )


def plan_module(source: AddonSource, kernel: Kernel) -> ModulePlan:
    """Decide all that the sources of an addon's module say.

    Raises:
        KitError: a hook or an expression is wrong for this kernel; with its place in addon.toml.
    """
    addon = source.addon
    if addon.has_interfaces:
        check_abi_names(source, kernel)
    own = read_own_functions(source, kernel)
    scopes = Scopes(kernel, addon, own.prototypes)
    declarations = Declarations(kernel)
    spans = plan_spans(source, scopes, declarations)
    probes = Probes(source, scopes, declarations, spans)
    events, collecting, boundary = _plan_parts(probes, source, scopes)
    lookups, mapped = plan_lookups(addon), lay_out_mapped(addon)
    providers = plan_providers(events, kernel.is_macro)
    preamble = plan_preamble(scopes, [*events, *collecting], boundary, own, declarations)
    parameters = plan_parameters(addon, kernel.is_macro, preamble.cgroups)
    cgroups = [each.name for each in parameters if each.is_cgroup and each.default]
    return ModulePlan(
        addon=addon,
        parameters=parameters,
        mapped=mapped,
        preamble=preamble,
        events=events,
        providers=providers,
        collecting=collecting,
        spans=spans,
        lookups=lookups,
        boundary=boundary,
        description=describe_boundary(addon, boundary, lookups, mapped) if boundary else None,
        init_steps=list(init_steps(addon, cgroups, [each.name for each in providers])),
    )


def _plan_parts(
    probes: Probes, source: AddonSource, scopes: Scopes
) -> tuple[list[Probe], list[Probe], Boundary | None]:
    """The probes of events, those that collect, and the boundary: whatever is wrong in any of them is said at once."""
    found = Gathering()
    events: list[Probe] = []
    collecting: list[Probe] = []
    boundary = None
    with found.part():
        events += probes.of_events()
    with found.part():
        collecting += probes.collecting()
    with found.part():
        boundary = plan_boundary(source, collecting, scopes.of_process()) if source.addon.has_interfaces else None
    found.refuse()
    return events, collecting, boundary


def _render(module: ModulePlan) -> Iterator[GeneratedFile]:
    addon = module.addon
    for file, template, values in (
        (f"{addon.name}.c", "module/module.c.j2", {}),
        *((f"{provider.header}.h", "sinks/provider.h.j2", {"provider": provider}) for provider in module.providers),
        *(((f"{addon.c_name}_abi.h", "module/abi.h.j2", {}),) if module.boundary else ()),
        ("Kbuild", "module/Kbuild.j2", {}),
    ):
        text = render(template, module=module, digest=DIGEST_PLACEHOLDER, **values)
        yield with_digest(file, text)
