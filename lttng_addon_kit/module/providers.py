# SPDX-License-Identifier: GPL-2.0-only
"""LTTng's providers: the groups in which a module's events are registered, each with a header of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.fields.field_kind import Enumeration
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.spec.lttng_names import provider_of


@dataclass(frozen=True)
class Provider:
    """A provider: one header, and the probes of its events.

    Attributes:
        macros: its own, its events' and their tracepoints' names that are macros of some header.
        aliases: what C calls the fields whose names are, by their names.
    """

    name: str
    events: tuple[Probe, ...]
    macros: tuple[str, ...]
    aliases: Mapping[str, str]

    @property
    def header(self) -> str:
        """The header's name without .h: not the provider's alone, as LTTng's own clock.h and events.h would be
        found before it (define_trace.h includes it by a name relative to itself).
        """
        return f"{self.name}_events"

    @property
    def guard(self) -> str:
        return f"LTTNG_ADDON_{self.name.upper()}_H"

    @property
    def enumerations(self) -> tuple[Enumeration, ...]:
        return tuple(each for probe in self.events for each in probe.event.enumerations)


def plan_providers(events: Sequence[Probe], is_macro: Callable[[str], bool]) -> list[Provider]:
    """The providers of the events' probes; `is_macro` says whether C would replace a name."""
    groups: dict[str, list[Probe]] = {}
    for each in events:
        groups.setdefault(provider_of(each.site.name), []).append(each)
    return [_plan(name, group, is_macro) for name, group in groups.items()]


def _plan(name: str, events: Sequence[Probe], is_macro: Callable[[str], bool]) -> Provider:
    names = (name, *(each for probe in events for each in (probe.site.name, probe.event.tracepoint)))
    fields = (field.name for probe in events for field in probe.event.fields)
    aliases = {field: f"addon_field_{field}" for field in _sifted(fields, is_macro)}
    return Provider(name, tuple(events), _sifted(names, is_macro), aliases)


def _sifted(names: Iterable[str], is_macro: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if is_macro(name))
