# SPDX-License-Identifier: GPL-2.0-only
"""Spans for a person: what became of them."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table

from lttng_addon_kit.output.counts_table import CountsTable
from lttng_addon_kit.session.recording import RecordedSpan

# What most spans have, and what is shown only of those that do.
_ALWAYS = ("begun", "ended", "open")


def spans_table(spans: Mapping[str, RecordedSpan]) -> Table:
    """A line for each span; what no span has is left out."""
    names = [each for each in RecordedSpan.model_fields if each in _ALWAYS or any(_numbers(spans, each))]
    table = CountsTable("span", *(each.replace("_", " ") for each in names))
    for span, counts in spans.items():
        table.add_row(span, *(f"{getattr(counts, each):,}" for each in names))
    return table


def _numbers(spans: Mapping[str, RecordedSpan], name: str) -> list[int]:
    return [getattr(each, name) for each in spans.values()]
