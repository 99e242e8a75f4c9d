"""`kind = "mean"`: how many values, and how they spread."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, TableColumn

SPREAD = (
    TableColumn("count", lambda _, now: f"{now.count:,}"),
    TableColumn("mean", lambda _, now: f"{now.sum / now.count:,.1f}"),
    TableColumn("min", lambda _, now: f"{now.min:,}"),
    TableColumn("max", lambda _, now: f"{now.max:,}"),
)

KIND = AggregateKind("LTTNG_ADDONS_MEAN", columns=SPREAD)
