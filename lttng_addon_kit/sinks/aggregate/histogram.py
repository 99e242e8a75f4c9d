# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "histogram"`: how many values are in each bucket: by their length in bits, or of equal size (`linear`)."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import (
    COUNT,
    MAX,
    MEAN,
    MIN,
    AggregateKind,
    Buckets,
    Cell,
    TableColumn,
)
from lttng_addon_kit.spec.aggregate_table import AggregateTable


def _buckets(spec: AggregateTable) -> Buckets:
    linear = spec.linear
    if linear is not None:
        described = {"kind": "linear", "from": linear.start, "to": linear.to, "step": linear.step}
        return Buckets(linear.inner + 2, described, linear.start, linear.step)
    bits = (spec.steps or 1).bit_length() - 1
    # runtime/lttng-addons-kind-histogram.h: one below 0, those of 0 and of each exponent.
    count = 1 + ((63 - bits) << bits) + (2 << bits)
    return Buckets(count, {"kind": "log2", "steps": 1 << bits}, bits=bits)


def _quantile(name: str) -> TableColumn:
    return TableColumn(name, lambda cell: _interval(cell, name))


def _interval(cell: Cell, name: str) -> str:
    least, most = cell.quantiles[name]
    if least == most:
        return f"{least:,}"
    return f"< {(most or 0) + 1:,}" if least is None else f"≥ {least:,}" if most is None else f"{least:,}..{most:,}"


KIND = AggregateKind(columns=(COUNT, MEAN, MIN, *map(_quantile, ("p50", "p90", "p99")), MAX), buckets=_buckets)
