# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "sum"`: all values together."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import SUM, AggregateKind

KIND = AggregateKind(columns=(SUM,))
