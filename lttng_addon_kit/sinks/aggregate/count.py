# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "count"`: how often."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import COUNT, AggregateKind

KIND = AggregateKind(
    columns=(COUNT,),
    value="none",
)
