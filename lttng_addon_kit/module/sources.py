"""Addon + kernel -> the texts of its C sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lttng_addon_kit.expression.c.lower import EventField, lower_event
from lttng_addon_kit.expression.fields.field_kinds import AddressField, FieldOptions, field_kind
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.annotate import read, read_filter
from lttng_addon_kit.expression.typing.scope import Prototype, Scope
from lttng_addon_kit.hooks.hook import Hook, find_hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.boundary import InterfacePlan, plan_interface
from lttng_addon_kit.module.lttng_addons import runtime_headers
from lttng_addon_kit.module.own_functions import read_own_functions
from lttng_addon_kit.module.parameters import readable_parameters
from lttng_addon_kit.module.places import Places
from lttng_addon_kit.module.plan import LoweredEvent, ModulePlan, plan_module
from lttng_addon_kit.module.render import render
from lttng_addon_kit.module.write import DIGEST_PLACEHOLDER, GeneratedFile, with_digest
from lttng_addon_kit.sinks.collect import plan_collections
from lttng_addon_kit.spec.addon import Addon, Event
from lttng_addon_kit.spec.load import AddonSource


@dataclass(frozen=True)
class Sources:
    """An addon's C for one kernel.

    Attributes:
        files: the generated files.
        modules: the kernel's modules that have the hooks, to be loaded first.
        events: the events as they are on this kernel, with their expressions in C.
        interface: what crosses the boundary to user space, if anything does.
    """

    files: tuple[GeneratedFile, ...]
    modules: tuple[str, ...]
    events: tuple[LoweredEvent, ...]
    interface: InterfacePlan | None

    @property
    def addresses(self) -> dict[str, dict[str, typed.Rendering]]:
        """By event and field, those that are addresses: CTF 1.8 has no type for them."""
        return {
            each.event.name: {
                value.name: value.kind.rendering
                for value in each.lowered.values
                if isinstance(value.kind, AddressField)
            }
            for each in self.events
        }


def generate_sources(source: AddonSource, kernel: Kernel) -> Sources:
    """The sources of an addon for a kernel; nothing is written.

    Raises:
        KitError: a hook or an expression is wrong for this kernel; with its place in addon.toml.
    """
    functions = read_own_functions(source, kernel)
    scopes = _Scopes(kernel, source.addon, functions.prototypes)
    events = tuple(
        _lowered(source, index, event.on(kernel.version), scopes, kernel)
        for index, event in enumerate(source.addon.events)
    )
    interface = None
    if source.addon.has_interfaces:
        collected = plan_collections(source, kernel, scopes.of_hook)
        interface = plan_interface(source, collected, scopes.of_process())
    module = plan_module(source.addon, events, interface, functions, kernel)
    hooks = [*(each.hook for each in events), *(each.collection.hook for each in module.collections)]
    modules = tuple(dict.fromkeys(hook.module for hook in hooks if hook.module))
    headers = runtime_headers() if interface else ()
    return Sources((*_render(module, source.addon.name), *headers), modules, events, interface)


@dataclass(frozen=True)
class _Scopes:
    """What expressions may speak of, at a hook and without one."""

    kernel: Kernel
    addon: Addon
    functions: Mapping[str, Prototype]

    def of_hook(self, hook: Hook, nofault: bool) -> Scope:
        parameters = readable_parameters(self.addon)
        trusted = hook.kind == "tracepoint"
        return Scope(self.kernel, hook.variables, parameters, self.functions, nofault, trusted)

    def of_process(self) -> Scope:
        """Where a function may sleep: a text, which must not be held meanwhile, can't be read there."""
        values = {name: each for name, each in readable_parameters(self.addon).items() if each.kind != "text"}
        return Scope(self.kernel, {}, values, self.functions)


def _lowered(source: AddonSource, index: int, event: Event, scopes: _Scopes, kernel: Kernel) -> LoweredEvent:
    place = Places.of_event(source, index, kernel)
    with place.of("hook"):
        hook = find_hook(event, kernel)
    scope = scopes.of_hook(hook, event.reads == "nofault")
    filter_ = None
    if event.filter is not None:
        with place.of("filter"):
            filter_ = read_filter(event.filter, scope)
    fields = []
    for name, wanted in event.fields.items():
        with place.of("fields", name, "value"):
            field = EventField(name, read(wanted.value, scope), FieldOptions(wanted.base))
            field_kind(field.value, field.options, scope)
            fields.append(field)
    nodes = [*([filter_] if filter_ else []), *(field.value for field in fields)]
    used = {each.c_name for node in nodes for each in typed.walk(node) if isinstance(each, typed.Variable)}
    with place.of("filter"):
        return LoweredEvent(event, hook, lower_event(filter_, fields, scope), frozenset(used), _called(nodes))


def _called(nodes: Iterable[typed.Node]) -> frozenset[str]:
    return frozenset(
        each.function for node in nodes for each in typed.walk(node) if isinstance(each, typed.FunctionResult)
    )


def _render(module: ModulePlan, name: str) -> Iterator[GeneratedFile]:
    for file, template, values in (
        (f"{name}.c", "module.c.j2", {}),
        *((f"{provider.header}.h", "provider.h.j2", {"provider": provider}) for provider in module.providers),
        *(((f"{module.c_name}_abi.h", "abi.h.j2", {}),) if module.interface else ()),
        ("Kbuild", "Kbuild.j2", {}),
    ):
        text = render("module", template, module=module, digest=DIGEST_PLACEHOLDER, **values)
        yield with_digest(file, text)
