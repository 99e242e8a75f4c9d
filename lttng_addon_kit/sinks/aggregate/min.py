# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "min"`: the least value."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import MIN, AggregateKind

KIND = AggregateKind(columns=(MIN,))
