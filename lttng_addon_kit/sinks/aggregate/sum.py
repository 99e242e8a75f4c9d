# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "sum"`: all values together."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, TableColumn

KIND = AggregateKind(
    columns=(
        TableColumn("before", lambda then, _: f"{then.sum if then else 0:,}"),
        TableColumn("after", lambda _, now: f"{now.sum:,}"),
    ),
)
