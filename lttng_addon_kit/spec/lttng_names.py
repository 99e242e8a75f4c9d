# SPDX-License-Identifier: GPL-2.0-only
"""What LTTng makes of an event's name: the provider that it belongs to, of which LTTng takes one of a name.

LTTng wants an event's name to be its provider's name, "_" and at least one letter more (check_event_provider() in
lttng-modules' src/lttng-probes.c), and refuses a second provider of a name (lttng_kernel_probe_register()). The longest
name that it takes is the least likely to be another one's. Of two events of one name, a session records the one that it
meets first (_lttng_kernel_event_recorder_create() in src/lttng-events.c).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def lttng_providers() -> frozenset[str]:
    """The providers of LTTng's own modules, of all versions that the kit knows."""
    return _listed("lttng_providers.txt")


@cache
def lttng_events() -> frozenset[str]:
    """The events of LTTng's own modules, but for system calls, of all versions that the kit knows."""
    return _listed("lttng_events.txt")


def _listed(file: str) -> frozenset[str]:
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def provider_of(event: str) -> str:
    """The provider of an event: its name up to the last underscore that has something behind it.

    >>> provider_of("netif_receive_skb_filter")
    'netif_receive_skb'
    >>> provider_of("task_exit_")
    'task'
    """
    return event[: event[:-1].rindex("_")]


def longer_name(event: str, addon: str) -> str:
    """A name for the event whose provider only this addon has; `addon` is its name in C.

    >>> longer_name("tcp_closed", "tcp_shut")
    'tcp_shut_closed'
    >>> longer_name("sched_wakeup", "latency")
    'sched_latency_wakeup'
    """
    provider = provider_of(event)
    beginning = addon if addon.startswith(f"{provider}_") else f"{provider}_{addon}"
    return f"{beginning}{event.removeprefix(provider)}"
