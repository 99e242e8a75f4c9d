# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "max"`: the greatest value."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import MAX, AggregateKind

KIND = AggregateKind(columns=(MAX,))
