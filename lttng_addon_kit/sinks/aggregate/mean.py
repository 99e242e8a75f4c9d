"""`kind = "mean"`: how many values, and how they spread."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, Column

SPREAD = (
    Column("count", lambda _, now: f"{now.count:,}"),
    Column("mean", lambda _, now: f"{now.sum / now.count:,.1f}"),
    Column("min", lambda _, now: f"{now.min:,}"),
    Column("max", lambda _, now: f"{now.max:,}"),
)

KIND = AggregateKind("LTTNG_ADDONS_MEAN", columns=SPREAD)
