"""Addon + kernel -> the texts of its C sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression import typed
from lttng_addon_kit.expression.annotate import read, read_filter
from lttng_addon_kit.expression.errors import ExpressionError
from lttng_addon_kit.expression.fields import AddressField, FieldOptions, field_kind
from lttng_addon_kit.expression.lower import EventField, lower_event
from lttng_addon_kit.expression.scope import Prototype, Scope
from lttng_addon_kit.generate.hooks import find_hook
from lttng_addon_kit.generate.own_functions import read_own_functions
from lttng_addon_kit.generate.parameters import readable_parameters
from lttng_addon_kit.generate.plan import LoweredEvent, ModulePlan, plan_module
from lttng_addon_kit.generate.render import render
from lttng_addon_kit.generate.write import DIGEST_PLACEHOLDER, GeneratedFile, with_digest
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.model import Event
from lttng_addon_kit.spec.positions import KeyPath


@dataclass(frozen=True)
class Sources:
    """An addon's C for one kernel.

    Attributes:
        files: the generated files.
        modules: the kernel's modules that have the hooks, to be loaded first.
        events: the events as they are on this kernel, with their expressions in C.
    """

    files: tuple[GeneratedFile, ...]
    modules: tuple[str, ...]
    events: tuple[LoweredEvent, ...]

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
    events = tuple(
        _lowered(source, index, event.on(kernel.version), functions.prototypes, kernel)
        for index, event in enumerate(source.addon.events)
    )
    called = {name for each in events for name in each.called}
    module = plan_module(source.addon, events, functions.declarations(called), kernel)
    modules = tuple(dict.fromkeys(each.hook.module for each in events if each.hook.module))
    return Sources(tuple(_render(module, source.addon.name)), modules, events)


def _lowered(
    source: AddonSource, index: int, event: Event, functions: Mapping[str, Prototype], kernel: Kernel
) -> LoweredEvent:
    place = _Places(source, index, kernel)
    with place.of("hook"):
        hook = find_hook(event, kernel)
    scope = Scope(
        kernel=kernel,
        variables=hook.variables,
        parameters=readable_parameters(source.addon),
        functions=functions,
        nofault=event.reads == "nofault",
        trusted=hook.kind == "tracepoint",
    )
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
    return frozenset(each.function for node in nodes for each in typed.walk(node) if isinstance(each, typed.Call))


class _Places:
    """Where in addon.toml the parts of one event are, those of the `when` tables that apply to a kernel included."""

    def __init__(self, source: AddonSource, index: int, kernel: Kernel) -> None:
        self._source = source
        self._event: KeyPath = ("event", index)
        whens = source.addon.events[index].when
        self._whens = [number for number, when in enumerate(whens) if when.covers(kernel.version)]

    @contextmanager
    def of(self, *key: str) -> Iterator[None]:
        """Errors inside are about the text at this key; an ExpressionError about a part of it."""
        try:
            yield
        except ExpressionError as error:
            path = self._path(("fields", error.field, "value") if error.field else key)
            error.location = self._source.positions.value(path, error.span.start, error.span.length)
            raise
        except KitError as error:
            error.location = self._source.positions.value(self._path(key))
            raise

    def _path(self, key: KeyPath) -> KeyPath:
        """The last `when` table that has the key, else the event itself."""
        for number in reversed(self._whens):
            path = (*self._event, "when", number, *key)
            if self._source.positions.has(path):
                return path
        return (*self._event, *key)


def _render(module: ModulePlan, name: str) -> Iterator[GeneratedFile]:
    for file, template, values in (
        (f"{name}.c", "module.c.j2", {}),
        *((f"{provider.name}.h", "provider.h.j2", {"provider": provider}) for provider in module.providers),
        ("Kbuild", "Kbuild.j2", {}),
    ):
        text = render("module", template, module=module, digest=DIGEST_PLACEHOLDER, **values)
        yield with_digest(file, text)
