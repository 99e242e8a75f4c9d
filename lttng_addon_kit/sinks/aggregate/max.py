"""`kind = "max"`: the greatest value."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, Column

KIND = AggregateKind("LTTNG_ADDONS_MAX", columns=(Column("max", lambda _, now: f"{now.max:,}"),))
