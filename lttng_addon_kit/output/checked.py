"""What `check` reports: the fields of an addon's events, each with its type on one kernel."""

from __future__ import annotations

from collections.abc import Iterator

from lttng_addon_kit.expression.fields.describe import describe
from lttng_addon_kit.module.sources import Sources
from lttng_addon_kit.spec.addon import Addon


def field_rows(addon: Addon, sources: Sources) -> Iterator[dict[str, str]]:
    """One row a field: its addon, event, hook, name, type and expression; an event without fields has one row too."""
    for each in sources.events:
        names = {"addon": addon.name, "event": each.spec.name, "hook": each.spec.hook}
        for value in each.fields:
            yield {
                **names,
                "field": value.name,
                "type": describe(value.kind),
                "value": each.spec.fields[value.name].value,
            }
        if not each.fields:
            yield {**names, "field": "", "type": "", "value": ""}
