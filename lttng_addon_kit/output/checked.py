# SPDX-License-Identifier: GPL-2.0-only
"""What `check` reports: an addon's fields, each with its type on one kernel, and its aggregates."""

from __future__ import annotations

from collections.abc import Iterator

from lttng_addon_kit.module.sources import Sources
from lttng_addon_kit.spec.addon import Addon


def field_rows(addon: Addon, sources: Sources) -> Iterator[dict[str, str]]:
    """One row a field: its addon, event, hook, name, type and expression; an event without fields has one row too.

    An aggregate has a row with its name, its kind, and the expression that it adds up.
    """
    for each in sources.events:
        names = {"addon": addon.name, "event": each.spec.name, "hook": each.spec.hook}
        for value in each.fields:
            yield {
                **names,
                "field": value.name,
                "type": value.kind.words,
                "value": each.spec.fields[value.name].value,
            }
        if not each.fields:
            yield {**names, "field": "", "type": "", "value": ""}
    for aggregate in addon.aggregates:
        yield {"addon": addon.name, "aggregate": aggregate.name, "kind": aggregate.kind, "value": aggregate.value or ""}
