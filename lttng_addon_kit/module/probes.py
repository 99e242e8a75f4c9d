# SPDX-License-Identifier: GPL-2.0-only
"""The probes of an addon on one kernel: those of its events, and those of its aggregates and records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from lttng_addon_kit.errors import Gathering, KitError
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.expression.typing.type_names import parse_type
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.hooks.hook_kinds import find_hook
from lttng_addon_kit.kernel.types import Argument
from lttng_addon_kit.module.probe import Probe, Site, plan_probe
from lttng_addon_kit.module.scopes import Scopes
from lttng_addon_kit.module.spans import SpanPlan
from lttng_addon_kit.sinks.feeds import find_feeds
from lttng_addon_kit.sinks.lttng_event import EventSink
from lttng_addon_kit.sinks.sink import Sink, Wanted
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.positions import KeyPath
from lttng_addon_kit.spec.table_keys import TableKeys
from lttng_addon_kit.spec.where import SourceTable, WhereTable

_Owner: TypeAlias = Literal["lttng", "runtime"]


@dataclass(frozen=True)
class _ProbePlace:
    """A hook and filter of addon.toml, and what takes values there: sinks for the index of a probe."""

    name: str
    where: WhereTable
    keys: TableKeys
    arguments: Mapping[str, str]
    sinks: tuple[Callable[[int], Sink], ...] = ()

    @property
    def identity(self) -> tuple[object, ...]:
        return (self.name, self.where.hook, self.where.filter, self.where.reads == "nofault")


@dataclass(frozen=True)
class Probes:
    """Plans an addon's probes; `spans` are those that it has, `declarations` collects what they need."""

    source: AddonSource
    scopes: Scopes
    declarations: Declarations
    spans: Sequence[SpanPlan] = ()

    def of_events(self) -> Iterator[Probe]:
        """Plan a probe for each event.

        Raises:
            KitError: a hook or an expression is wrong for this kernel; with its place in addon.toml.
        """
        found = Gathering()
        for index, event in enumerate(self.source.addon.events):
            with found.part():
                place = self._event(index)
                site = self._site(place, "lttng")
                sink = EventSink(event.on(self._version), place.keys, site.hook, self._version)
                yield plan_probe(site, [sink], self._errors, self.declarations)
        found.refuse()

    def collecting(self) -> Iterator[Probe]:
        """Plan a probe for each hook and filter that aggregates and records come from.

        Raises:
            KitError: as `of_events`; or a table lacks a key that it needs.
        """
        found = Gathering()
        taken: set[str] = set()
        for index, place in enumerate(self._places(found)):
            name = _free(place.name, taken)
            taken.add(name)
            with found.part():
                site = replace(self._site(place, "runtime"), name=name, index=index)
                yield plan_probe(site, [sink(index) for sink in place.sinks], self._errors, self.declarations)
        with found.part():
            yield from self._edges(len(taken))
        found.refuse()

    def _edges(self, first: int) -> Iterator[Probe]:
        """Plan a probe for each place where a span begins, ends or is dropped; the first has that index."""
        edges = (each for span in self.spans for each in span.sinks)
        for index, (edge, sink) in enumerate(edges, first):
            name = f"{sink.shape.name}_{edge.role}" + (f"_{edge.number + 1}" if edge.number else "")
            table = edge.table
            filter_ = Wanted("", table.filter, (*edge.path, "filter")) if table.filter is not None else None
            scope = self.scopes.of_hook(edge.hook, table.reads == "nofault")
            site = Site(name, edge.hook, filter_, scope, "runtime", index, span=sink.shape.c_name)
            yield plan_probe(site, [sink], self._errors, self.declarations)

    @property
    def _version(self) -> tuple[int, int, int]:
        return self.scopes.kernel.version

    @property
    def _own(self) -> Mapping[str, Hook]:
        return {span.hook.text: span.hook for span in self.spans}

    @property
    def _errors(self) -> SpecErrors:
        return SpecErrors(self.source.positions)

    def _site(self, place: _ProbePlace, owner: _Owner) -> Site:
        kernel = self.scopes.kernel
        arguments = list(self._arguments(place))
        with self._errors.at(place.keys.path("hook")):
            hook = find_hook(place.where.hook or "", kernel, arguments, self._own)
            if owner == "runtime" and not (hook.is_tracepoint or hook.is_attached):
                raise KitError(f"aggregates and records come from the kernel's hooks, not from '{hook.kind}:'")
        text = place.where.filter
        filter_ = Wanted("", text, place.keys.path("filter")) if text is not None else None
        return Site(place.name, hook, filter_, self.scopes.of_hook(hook, place.where.reads == "nofault"), owner)

    def _arguments(self, place: _ProbePlace) -> Iterator[Argument]:
        for name, c_type in place.arguments.items():
            with self._errors.at(place.keys.path("arguments", name)):
                yield Argument(name, parse_type(c_type, self.scopes.kernel))

    def _event(self, index: int) -> _ProbePlace:
        event = self.source.addon.events[index].on(self._version)
        return _ProbePlace(event.name, event, self.source.event_keys(index, self._version), event.arguments)

    def _places(self, gathering: Gathering) -> list[_ProbePlace]:
        """Merge the places that name the same event, or the same hook and filter."""
        places: dict[tuple[object, ...], _ProbePlace] = {}
        for feed in find_feeds(self.source.addon, self._errors):
            with gathering.part():
                found = self._place(feed.table, feed.path)
                place = places.get(found.identity, found)
                places[found.identity] = replace(place, sinks=(*place.sinks, feed.sink))
        return list(places.values())

    def _place(self, each: SourceTable, path: KeyPath) -> _ProbePlace:
        if each.hook is not None:
            name = each.hook.partition(":")[2].replace(".", "_")
            return _ProbePlace(name, each, TableKeys(self.source.positions, path), {})
        names = [event.name for event in self.source.addon.events]
        with self._errors.at(path):
            if each.event is None and len(names) != 1:
                raise KitError(
                    "which event's hook? there are several" if names else "where do the values come from?",
                    hint='event = "NAME" of an [[event]], or a hook = "tracepoint:NAME" of its own',
                )
        with self._errors.at((*path, "event")):
            if each.event is not None and each.event not in names:
                raise KitError(f"no [[event]] is named {each.event!r}")
        return self._event(names.index(each.event) if each.event is not None else 0)


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free
