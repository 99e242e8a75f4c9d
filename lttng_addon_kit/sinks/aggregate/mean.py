# SPDX-License-Identifier: GPL-2.0-only
"""`kind = "mean"`: how many values, and how they spread."""

from __future__ import annotations

from decimal import Decimal, localcontext

from lttng_addon_kit.sinks.aggregate.aggregate_kind import AggregateKind, Cell, TableColumn

# A sum of 128 bits has 39.
_DIGITS = 42


def exact_mean(cell: Cell) -> Decimal:
    """The mean of a cell's values: a float would be more than the greatest of large ones."""
    with localcontext(prec=_DIGITS):
        return Decimal(cell.sum) / cell.count


SPREAD = (
    TableColumn("count", lambda _, now: f"{now.count:,}"),
    TableColumn("mean", lambda _, now: f"{exact_mean(now):,.1f}"),
    TableColumn("min", lambda _, now: f"{now.min:,}"),
    TableColumn("max", lambda _, now: f"{now.max:,}"),
)

KIND = AggregateKind(columns=SPREAD)
