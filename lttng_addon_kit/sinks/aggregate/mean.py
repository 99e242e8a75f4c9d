# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "mean"`: how many values, and how they spread."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import COUNT, MAX, MEAN, MIN, AggregateKind

KIND = AggregateKind(columns=(COUNT, MEAN, MIN, MAX))
