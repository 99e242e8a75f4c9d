# SPDX-License-Identifier: GPL-2.0-only
"""LTTng's providers: the groups in which a module's events are registered.

LTTng wants an event's name to be its provider's name, "_" and at least one letter more (check_event_provider() in
lttng-modules' src/lttng-probes.c), and has one header a provider. It takes each provider once: another module that has
it does not load ("File exists").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.expression.fields.field_kind import Enumeration
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.spec.addon import Addon

# TRACE_SYSTEM in lttng-modules' include/instrumentation/events/, 2.13.9, 2.13.18 and 2.16.0 together.
_STOCK = frozenset(
    re.findall(
        r"\w+",
        """9p asoc block btrfs compaction dma_fence ext3 ext4 gpio i2c irq jbd jbd2 kmem kvm kvm_mmu kvm_x86 lock lttng
        lttng_statedump lttng_test mm_vmscan module napi net power preemptirq printk random rcu regmap regulator rpc rpm
        sched scsi signal skb sock timer udp v4l2 workqueue writeback x86_exceptions x86_irq_vectors""",
    )
)


@dataclass(frozen=True)
class Provider:
    """A provider: one header, the probes of its events, and those of their names that are macros of headers."""

    name: str
    events: tuple[Probe, ...]
    macros: tuple[str, ...] = ()

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


def plan_providers(events: Sequence[Probe], kernel: Kernel, errors: SpecErrors) -> list[Provider]:
    """The providers of the events' probes.

    Raises:
        KitError: LTTng has the provider itself; with the event's place in addon.toml.
    """
    by_name = {each.name: each for each in events}
    for index, event in enumerate(by_name):
        with errors.at(("event", index, "name")):
            _refuse_stock(event)
    return [
        _plan(name, [by_name[event] for event in group], kernel) for name, group in group_by_provider(by_name).items()
    ]


def _plan(name: str, events: Sequence[Probe], kernel: Kernel) -> Provider:
    return Provider(name, tuple(events), tuple(_macros(events, kernel)))


def _macros(events: Sequence[Probe], kernel: Kernel) -> Iterator[str]:
    """The names of events and fields that C would replace."""
    names = [name for each in events for name in (each.name, *each.event.spec.fields)]
    yield from (name for name in dict.fromkeys(names) if kernel.is_macro(name))


def group_by_provider(events: Iterable[str]) -> dict[str, list[str]]:
    """Events' names by provider, which is all of a name up to its last underscore.

    >>> group_by_provider(["netif_receive_skb_filter"])
    {'netif_receive_skb': ['netif_receive_skb_filter']}
    >>> group_by_provider(["task_run", "net_card_in", "task_sleep"])
    {'task': ['task_run', 'task_sleep'], 'net_card': ['net_card_in']}
    """
    by_provider: dict[str, list[str]] = {}
    for event in events:
        by_provider.setdefault(_provider(event), []).append(event)
    return by_provider


def refuse_shared_providers(addons: Iterable[Addon]) -> None:
    """Refuse addons that can't be loaded together: LTTng takes each provider once.

    Raises:
        UsageError: two have events of one provider.
    """
    owners: dict[str, tuple[str, str]] = {}
    for addon in addons:
        for event in (each.name for each in addon.events):
            owner, other = owners.setdefault(_provider(event), (addon.name, event))
            if owner != addon.name:
                raise UsageError(
                    f"{owner} and {addon.name} can't be loaded together: {other!r} and {event!r} are both of the"
                    f" provider {_provider(event)!r}, which LTTng takes once",
                    hint=f"rename one of the events, as in {_longer(event)!r}",
                )


def _refuse_stock(event: str) -> None:
    if _provider(event) in _STOCK:
        raise KitError(
            f"{event!r} is of the provider {_provider(event)!r}, which LTTng's own events have: they can't both be"
            " loaded",
            hint=f"add a word, as in {_longer(event)!r}",
        )


def _provider(event: str) -> str:
    """The longest that an event's name allows: the fewest other events have it."""
    # What is behind the last underscore is at least one letter: 'a_b_' is of 'a'.
    return event[:-1].rpartition("_")[0]


def _longer(event: str) -> str:
    first, _, rest = event.partition("_")
    return f"{first}_my_{rest}"
