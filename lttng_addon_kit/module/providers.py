# SPDX-License-Identifier: GPL-2.0-only
"""LTTng's providers: the groups in which a module's events are registered.

LTTng wants an event's name to be its provider's name, "_" and at least one letter more (check_event_provider() in
lttng-modules' src/lttng-probes.c), and has one header a provider.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.fields.field_kind import Enumeration
from lttng_addon_kit.module.probe import Probe


@dataclass(frozen=True)
class Provider:
    """A provider: one header, and the probes of its events.

    Attributes:
        macros: its own, its events' and their tracepoints' names that are macros of some header.
        field_macros: the names of fields that are.
    """

    name: str
    events: tuple[Probe, ...]
    macros: tuple[str, ...]
    field_macros: tuple[str, ...]

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
    by_name = {each.site.name: each for each in events}
    return [
        _plan(name, [by_name[event] for event in group], is_macro) for name, group in group_by_provider(by_name).items()
    ]


def _plan(name: str, events: Sequence[Probe], is_macro: Callable[[str], bool]) -> Provider:
    names = (name, *(each for probe in events for each in (probe.site.name, probe.event.tracepoint)))
    fields = (field.name for probe in events for field in probe.event.fields)
    return Provider(name, tuple(events), _sifted(names, is_macro), _sifted(fields, is_macro))


def _sifted(names: Iterable[str], is_macro: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if is_macro(name))


def group_by_provider(events: Iterable[str]) -> dict[str, list[str]]:
    """Events' names by provider: events whose names begin with the same word share one.

    >>> group_by_provider(["netif_receive_skb_filter"])
    {'netif_receive_skb': ['netif_receive_skb_filter']}
    >>> group_by_provider(["sched_run", "net_in", "sched_sleep"])
    {'sched': ['sched_run', 'sched_sleep'], 'net': ['net_in']}
    """
    by_first_word: dict[str, list[str]] = {}
    for event in events:
        by_first_word.setdefault(event.partition("_")[0], []).append(event)
    return {_common_prefix(group): group for group in by_first_word.values()}


def _common_prefix(events: list[str]) -> str:
    """The longest prefix of all names that ends before an underscore with something behind it."""
    shared = os.path.commonprefix([event[:-1] for event in events])  # noqa: RUF071 (no paths: characters are meant)
    return shared[: shared.rindex("_")]
