# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "top"`: the heaviest keys, however many there are; what is shown of each is at least its own.

The table is what Metwally, Agrawal and El Abbadi call a stream summary ("Efficient Computation of Frequent and Top-k
Elements in Data Streams", 2005): the key that gives way leaves its weight to the new one, which is subtracted here.
"""

from __future__ import annotations

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, TableColumn

KIND = AggregateKind(
    columns=(TableColumn("at least", lambda cell: f"{cell.sum:,}", keeps="least"),),
    value="optional",
    words=1,
    needs_key=True,
    takes_signed=False,
)
