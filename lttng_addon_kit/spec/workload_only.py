# SPDX-License-Identifier: GPL-2.0-only
"""An addon for what the workload does, and nothing else: a condition before every filter (`--workload-only`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from lttng_addon_kit.spec.event_table import EventTable, WhenTable
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.span_table import SpanTable
from lttng_addon_kit.spec.where import SourceTable, WhereTable

_CONDITION = "in_workload()"
_SPAN = "span:"

_Where = TypeVar("_Where", bound=WhereTable)


def workload_only(source: AddonSource) -> AddonSource:
    """The same addon, of whose hooks only those hits count that the workload's tasks make.

    A span counts where one of them begins it, whoever ends it.
    """
    addon = source.addon
    changed: dict[str, Any] = {
        "events": [_event(each) for each in addon.events],
        "spans": [_span(each) for each in addon.spans],
    }
    for key, value in addon:
        if isinstance(value, SourceTable):
            changed[key] = _narrowed(value)
        elif isinstance(value, list) and value and isinstance(value[0], SourceTable):
            changed[key] = [_narrowed(each) for each in value]
    return replace(source, addon=addon.model_copy(update=changed))


def _event(event: EventTable) -> EventTable:
    narrowed = _narrowed(event)
    return narrowed.model_copy(update={"when": [_when(each) for each in event.when]})


def _when(when: WhenTable) -> WhenTable:
    return when if when.filter is None else when.model_copy(update={"filter": _filter(when.filter)})


def _span(span: SpanTable) -> SpanTable:
    return span.model_copy(update={"begin": [_narrowed(each) for each in span.begin]})


def _narrowed(table: _Where) -> _Where:
    """A table with a hook of its own, narrowed; what hangs on an event or a span is narrowed there."""
    if table.hook is None or table.hook.startswith(_SPAN):
        return table
    return table.model_copy(update={"filter": _filter(table.filter)})


def _filter(filter_: str | None) -> str:
    return _CONDITION if filter_ is None else f"{_CONDITION} && ({filter_})"
