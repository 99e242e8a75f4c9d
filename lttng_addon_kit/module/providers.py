"""LTTng's providers: the groups in which a module's events are registered.

LTTng wants an event's name to be its provider's name, "_" and at least one letter more (check_event_provider() in
lttng-modules' src/lttng-probes.c), and has one header a provider.
"""

from __future__ import annotations

import os
from collections.abc import Iterable


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
