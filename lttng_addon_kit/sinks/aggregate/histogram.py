# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "histogram"`: how many values are in each bucket: by their length in bits, or of equal size (`linear`)."""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, Buckets
from lttng_addon_kit.sinks.aggregate.mean import SPREAD
from lttng_addon_kit.spec.aggregate_table import AggregateTable

# Without a step (runtime/histogram.h): one bucket below, one for 0, one for each length of a number in bits.
_LOG2_BUCKETS = 66


def _buckets(spec: AggregateTable) -> Buckets:
    linear = spec.linear
    if linear is None:
        return Buckets(_LOG2_BUCKETS, {"kind": "log2"})
    described = {"kind": "linear", "from": linear.start, "to": linear.to, "step": linear.step}
    return Buckets(linear.inner + 2, described, linear.start, linear.step)


KIND = AggregateKind(columns=SPREAD, buckets=_buckets)
