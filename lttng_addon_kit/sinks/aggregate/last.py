# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "last"`: the newest value."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import COUNT, AggregateKind, TableColumn

KIND = AggregateKind(
    columns=(COUNT, TableColumn("last", lambda cell: f"{cell.last:,}", keeps="last")),
    words=2,
)
