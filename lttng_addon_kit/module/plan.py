"""Addon + kernel -> Plan: all that the templates print, decided; plain data, C as text."""

from __future__ import annotations

from collections.abc import Collection as Collection_
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import ZERO, Identifier
from lttng_addon_kit.expression.c.declarations import Declarations
from lttng_addon_kit.expression.c.lower import Lowered, ProbeArgument
from lttng_addon_kit.expression.c.private_structs import Layout, Layouts, merged
from lttng_addon_kit.expression.typing.scope import HookVariable
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Type
from lttng_addon_kit.module.boundary import InterfacePlan, Served
from lttng_addon_kit.module.own_functions import OwnFunctions
from lttng_addon_kit.module.parameters import ParameterPlan, plan_parameters
from lttng_addon_kit.module.providers import group_by_provider
from lttng_addon_kit.sinks.collect import Collection, Part
from lttng_addon_kit.sinks.payload import Enumeration, enumeration, field_macro
from lttng_addon_kit.spec.addon import Addon, Event

# DECLARE_TRACE() began to add "_tp" to the name in 6.16, which also brought the macro that doesn't.
_FIRST_DECLARE_TRACE_EVENT = (6, 16, 0)

# MODULE_LICENSE()'s words (include/linux/module.h) -> SPDX.
_SPDX = {
    "GPL": "GPL-2.0-only",
    "GPL v2": "GPL-2.0-only",
    "Dual BSD/GPL": "GPL-2.0-only OR BSD-3-Clause",
    "Dual MIT/GPL": "GPL-2.0-only OR MIT",
    "Dual MPL/GPL": "GPL-2.0-only OR MPL-1.1",
}

# LTTng events have arguments: its macros for none are gone since 2.14.
_NO_PAYLOAD = ProbeArgument("nothing", "u8 nothing", ZERO)

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "call": ("linux/tracepoint.h",),
    "tracepoint": ("linux/preempt.h",),
    "kprobe": ("linux/kprobes.h", "linux/tracepoint.h"),
    "kretprobe": ("linux/kprobes.h", "linux/timekeeping.h", "linux/tracepoint.h"),
}


@dataclass(frozen=True)
class SavedArgument:
    """An argument of a probed function: its declaration, and the C that reads it from the registers at the entry."""

    name: str
    declaration: str
    from_registers: str


@dataclass(frozen=True)
class EventPlan:
    """One event as the templates print it.

    Attributes:
        tracepoint: the kernel's, or the event's own in front of a kprobe.
        payload_parameters, payload_names, payload_macros: what LTTng's probe is given, and how it records that.
        filter_lines, value_lines: statements of the function with filter and fields.
        record_parameters: what that function is given: the hook's variables that the expressions use.
        record_arguments: what it is called with, in the hook's own probe.
        record_call, record_values: what it calls in the end.
        probe_parameters, probe_names: what LTTng calls the event's probe with.
        saved_arguments: what a kretprobe keeps from the entry of a call.
    """

    name: str
    hook_kind: str
    hook_name: str
    filter: str | None
    tracepoint: str
    declare_trace: str
    payload_parameters: tuple[str, ...]
    payload_names: tuple[str, ...]
    payload_macros: tuple[str, ...]
    enumerations: tuple[Enumeration, ...]
    locals: tuple[str, ...]
    filter_lines: tuple[str, ...]
    value_lines: tuple[str, ...]
    record_parameters: tuple[str, ...]
    record_arguments: tuple[str, ...]
    record_call: str
    record_values: tuple[str, ...]
    probe_parameters: tuple[str, ...]
    probe_names: tuple[str, ...]
    saved_arguments: tuple[SavedArgument, ...]
    uses_duration: bool

    @property
    def is_tracepoint(self) -> bool:
        return self.hook_kind == "tracepoint"

    @property
    def is_attached(self) -> bool:
        """Whether something must be done in the kernel for the hook to be hit: a kprobe."""
        return self.hook_kind in ("kprobe", "kretprobe")

    @property
    def missed(self) -> str:
        """How many hits the kernel gave to nobody, as C (struct kprobe and kretprobe: nmissed)."""
        probe = f"{self.name}_{self.hook_kind}"
        match self.hook_kind:
            case "kprobe":
                return f"READ_ONCE({probe}.nmissed)"
            case "kretprobe":
                return f"READ_ONCE({probe}.nmissed) + READ_ONCE({probe}.kp.nmissed)"
        return "0"


@dataclass(frozen=True)
class ProviderPlan:
    """A provider: one header, and its events."""

    name: str
    events: tuple[EventPlan, ...]

    @property
    def header(self) -> str:
        """The header's name without .h: not the provider's alone, as LTTng's own clock.h and events.h would be
        found before a header of ours (define_trace.h includes it by a name relative to itself)."""
        return f"{self.name}_events"

    @property
    def guard(self) -> str:
        return f"LTTNG_ADDON_{self.name.upper()}_H"

    @property
    def enumerations(self) -> tuple[Enumeration, ...]:
        return tuple(each for event in self.events for each in event.enumerations)


@dataclass(frozen=True)
class CollectPlan:
    """One hook from which an addon collects, as the templates print it; `name` is that of the hook's own functions.

    The attributes that an EventPlan has too mean the same.
    """

    collection: Collection
    name: str
    hook_kind: str
    hook_name: str
    filter: str | None
    record_parameters: tuple[str, ...]
    record_names: tuple[str, ...]
    record_arguments: tuple[str, ...]
    probe_parameters: tuple[str, ...]
    saved_arguments: tuple[SavedArgument, ...]
    uses_duration: bool

    @property
    def is_tracepoint(self) -> bool:
        return self.hook_kind == "tracepoint"


@dataclass(frozen=True)
class InitStep:
    """Something that the module does when it is loaded, and what undoes that; `name` is for a label."""

    name: str
    call: str
    undo: str


@dataclass(frozen=True)
class ModulePlan:
    """A whole module."""

    addon_name: str
    module_name: str
    c_name: str
    description: str
    license: str
    spdx: str
    objects: tuple[str, ...]
    parameters: tuple[ParameterPlan, ...]
    headers: tuple[str, ...]
    forwards: tuple[str, ...]
    layouts: tuple[Layout, ...]
    prototypes: tuple[str, ...]
    functions: tuple[str, ...]
    zeros: int
    events: tuple[EventPlan, ...]
    providers: tuple[ProviderPlan, ...]
    interface: InterfacePlan | None
    collections: tuple[CollectPlan, ...]
    has_proc: bool
    records: int
    init_steps: tuple[InitStep, ...]

    @property
    def text_parameters(self) -> list[ParameterPlan]:
        return [each for each in self.parameters if each.kind == "text"]

    @property
    def value_parameters(self) -> list[ParameterPlan]:
        return [each for each in self.parameters if each.kind != "text"]

    @property
    def own_tracepoints(self) -> list[EventPlan]:
        return [each for each in self.events if not each.is_tracepoint]


@dataclass(frozen=True)
class LoweredEvent:
    """An event as it is on one kernel: its hook found, its expressions in C.

    `used` are the C names of the hook's variables, `called` those of functions, that the expressions speak of.
    """

    event: Event
    hook: Hook
    lowered: Lowered
    used: frozenset[str]
    called: frozenset[str]


def plan_module(
    addon: Addon,
    events: Sequence[LoweredEvent],
    interface: InterfacePlan | None,
    functions: OwnFunctions,
    kernel: Kernel,
) -> ModulePlan:
    """Decide what the module's sources say.

    Args:
        events: the addon's events on this kernel.
        functions: those of the user's own; the ones that expressions call are declared.
    """
    declarations = Declarations(kernel)
    plans = tuple(_plan_event(each, declarations, kernel) for each in events)
    collections = interface.collected.collections if interface else ()
    collects = tuple(_plan_collect(each, declarations) for each in collections)
    parts = [part for each in collections for part in each.parts]
    served = interface.all_served if interface else ()
    by_name = {plan.name: plan for plan in plans}
    written: list[LoweredEvent | Part | Served] = [*events, *parts, *served]
    lowered = [each.lowered for each in written]
    called = {name for each in written for name in each.called}
    hooks = [*(each.hook for each in events), *(each.hook for each in collections)]
    passed = _passed_by_value(hooks, kernel, declarations)
    headers = _headers(addon, hooks, {*declarations.headers, *_merged(each.includes for each in lowered)})
    layouts = merged((*passed, *(layout for each in lowered for layout in each.layouts)))
    forwards = {*declarations.forwards, *_merged(each.forwards for each in lowered)}
    return ModulePlan(
        addon_name=addon.name,
        module_name=addon.module_name,
        c_name=addon.c_name,
        description=addon.addon.description or addon.name,
        license=addon.addon.license,
        spdx=_SPDX[addon.addon.license],
        objects=(f"{addon.name}.o", *(name.removesuffix(".c") + ".o" for name in addon.module.sources)),
        parameters=tuple(plan_parameters(addon)),
        headers=headers,
        forwards=_needed_forwards(forwards, layouts, headers, kernel),
        layouts=layouts,
        prototypes=(
            *functions.declarations(called),
            *_init_and_exit(addon),
            *(interface.prototypes if interface else ()),
        ),
        functions=_merged(each.functions for each in lowered),
        zeros=max((each.zeros for each in lowered), default=0),
        events=plans,
        providers=tuple(
            ProviderPlan(name, tuple(by_name[event] for event in group))
            for name, group in group_by_provider(by_name).items()
        ),
        interface=interface,
        collections=collects,
        has_proc=addon.interfaces.procfs and bool(collections),
        records=addon.share.records if addon.share else 0,
        init_steps=tuple(_init_steps(addon, by_name)),
    )


def _init_steps(addon: Addon, events: Iterable[str]) -> Iterable[InitStep]:
    """The user's own code begins when its events are there, and ends before they go; user space comes last."""
    for provider in group_by_provider(events):
        yield InitStep(provider, f"__lttng_events_init__{provider}()", f"__lttng_events_exit__{provider}()")
    if addon.module.init:
        yield InitStep("own", f"{addon.module.init}()", f"{addon.module.exit}()")
    if addon.has_interfaces:
        argument = f"&{addon.c_name}_addon"
        yield InitStep("interface", f"lttng_addons_register({argument})", f"lttng_addons_unregister({argument})")


def _init_and_exit(addon: Addon) -> Iterable[str]:
    if addon.module.init:
        yield f"int {addon.module.init}(void)"
        yield f"void {addon.module.exit}(void)"


def _plan_collect(found: Collection, declarations: Declarations) -> CollectPlan:
    hook = found.hook
    variables = _used_variables(hook, found.used, declarations)
    return CollectPlan(
        collection=found,
        name=f"{found.name}_collect",
        hook_kind=hook.kind,
        hook_name=hook.name,
        filter=found.spec.filter,
        record_parameters=tuple(each.declaration for each in variables),
        record_names=tuple(each.name for each in variables),
        record_arguments=tuple(each.text for each in variables),
        probe_parameters=("void *data", *_arguments(hook, declarations)),
        saved_arguments=_saved(hook, found.used, declarations),
        uses_duration=_uses_duration(hook, found.used),
    )


def _saved(hook: Hook, used: Collection_[str], declarations: Declarations) -> tuple[SavedArgument, ...]:
    return tuple(_saved_arguments(hook, used, declarations)) if hook.kind == "kretprobe" else ()


def _uses_duration(hook: Hook, used: Collection_[str]) -> bool:
    return hook.kind == "kretprobe" and hook.variables["$duration_ns"].c_name in used


def _plan_event(found: LoweredEvent, declarations: Declarations, kernel: Kernel) -> EventPlan:
    event, hook, lowered = found.event, found.hook, found.lowered
    payload = [each for value in lowered.values for each in value.arguments] or [_NO_PAYLOAD]
    payload_parameters = tuple(each.declaration for each in payload)
    payload_names = tuple(each.name for each in payload)
    values = tuple(each.text for each in payload)
    is_tracepoint = hook.kind == "tracepoint"
    event_first = ("lttng_event",) if is_tracepoint else ()
    variables = _used_variables(hook, found.used, declarations)
    tracepoint = hook.name if is_tracepoint else f"lttng_addon_{event.name}"
    return EventPlan(
        name=event.name,
        hook_kind=hook.kind,
        hook_name=hook.name,
        filter=event.filter,
        tracepoint=tracepoint,
        declare_trace="DECLARE_TRACE_EVENT" if kernel.version >= _FIRST_DECLARE_TRACE_EVENT else "DECLARE_TRACE",
        payload_parameters=payload_parameters,
        payload_names=payload_names,
        payload_macros=tuple(field_macro(event.name, value) for value in lowered.values),
        enumerations=tuple(each for value in lowered.values if (each := enumeration(event.name, value))),
        locals=lowered.locals,
        filter_lines=tuple(lowered.filter_lines),
        value_lines=tuple(lowered.value_lines),
        record_parameters=(*(f"void *{name}" for name in event_first), *(each.declaration for each in variables))
        or ("void",),
        record_arguments=(*event_first, *(each.text for each in variables)),
        record_call=f"__event_probe__{event.name}" if is_tracepoint else f"trace_{tracepoint}",
        record_values=(*event_first, *values),
        probe_parameters=(
            "void *lttng_event",
            *(_arguments(hook, declarations) if is_tracepoint else payload_parameters),
        ),
        probe_names=("lttng_event", *payload_names),
        saved_arguments=_saved(hook, found.used, declarations),
        uses_duration=_uses_duration(hook, found.used),
    )


def _used_variables(hook: Hook, used: Collection_[str], declarations: Declarations) -> list[ProbeArgument]:
    """The hook's variables that the expressions use, each with the C that has it in the hook's own probe."""
    return [
        ProbeArgument(
            variable.c_name,
            declarations.declare(variable.type, variable.c_name),
            Identifier(_reading(hook, name, variable, declarations)),
        )
        for name, variable in hook.variables.items()
        if variable.c_name in used
    ]


def _reading(hook: Hook, name: str, variable: HookVariable, declarations: Declarations) -> str:
    if name == "$ret":
        return f"({_type(variable.type, declarations)})regs_return_value(regs)"
    if name == "$duration_ns":
        return "ktime_get_mono_fast_ns() - entry->begin_ns"
    if hook.kind == "kretprobe":
        return f"entry->{variable.c_name}"
    return name if hook.kind in ("tracepoint", "call") else _from_registers(hook, name, declarations)


def _saved_arguments(hook: Hook, used: Collection_[str], declarations: Declarations) -> Iterable[SavedArgument]:
    for each in hook.arguments:
        if each.name in used:
            declaration = declarations.declare(each.type, each.name)
            yield SavedArgument(each.name, declaration, _from_registers(hook, each.name, declarations))


def _from_registers(hook: Hook, name: str, declarations: Declarations) -> str:
    index, argument = next((index, each) for index, each in enumerate(hook.arguments) if each.name == name)
    return f"({_type(argument.type, declarations)})regs_get_kernel_argument(regs, {index})"


def _arguments(hook: Hook, declarations: Declarations) -> list[str]:
    return [declarations.declare(each.type, each.name) for each in hook.arguments]


def _type(type_: Type, declarations: Declarations) -> str:
    return declarations.declare(type_, "").strip()


def _headers(addon: Addon, hooks: Sequence[Hook], wanted: Iterable[str]) -> tuple[str, ...]:
    headers = {"linux/percpu.h", *wanted}
    for hook in hooks:
        headers.update(_HEADERS[hook.kind])
    if any(parameter.kind == "text" for parameter in addon.parameters.values()):
        headers |= {"linux/rcupdate.h", "linux/slab.h", "linux/string.h"}
    # Not every header includes what it needs itself; this one brings what nearly all of them count on.
    return "linux/module.h", *sorted(headers - {"linux/module.h"})


def _merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))


def _passed_by_value(hooks: Iterable[Hook], kernel: Kernel, declarations: Declarations) -> tuple[Layout, ...]:
    """Structs that tracepoints give as a whole: the probe's prototype wants their size, read or not."""
    layouts = Layouts(kernel, declarations)
    for argument in (each for hook in hooks for each in hook.arguments):
        layouts.whole(argument.type)
    return layouts.all()


def _needed_forwards(
    forwards: Iterable[str], layouts: Sequence[Layout], headers: Iterable[str], kernel: Kernel
) -> tuple[str, ...]:
    """The forward declarations that nothing included or defined here makes needless."""
    defined = {f"{layout.kind} {layout.name}" for layout in layouts}
    return tuple(
        each
        for each in sorted(forwards)
        if each not in defined and kernel.header_of(*each.split(" ", 1)) not in set(headers)
    )
