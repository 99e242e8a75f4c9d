"""`kind = "min"`: the least value."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, TableColumn

KIND = AggregateKind("LTTNG_ADDONS_MIN", columns=(TableColumn("min", lambda _, now: f"{now.min:,}"),))
