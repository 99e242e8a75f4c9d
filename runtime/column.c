// SPDX-License-Identifier: GPL-2.0-only
/* What people see of a cell, for the kinds of aggregates to choose from. */
#include "runtime.h"

static struct wide count_of(const struct lttng_addons_aggregate *aggregate,
			    struct lttng_addons_cell *cell)
{
	return wide(cell->count, false);
}

static struct wide sum_of(const struct lttng_addons_aggregate *aggregate,
			  struct lttng_addons_cell *cell)
{
	return (struct wide){ cell->sum, cell->sum_high };
}

static struct wide min_of(const struct lttng_addons_aggregate *aggregate,
			  struct lttng_addons_cell *cell)
{
	return wide(cell->min, aggregate->is_signed);
}

static struct wide max_of(const struct lttng_addons_aggregate *aggregate,
			  struct lttng_addons_cell *cell)
{
	return wide(cell->max, aggregate->is_signed);
}

/* Rounded towards 0, as C does. */
static struct wide mean_of(const struct lttng_addons_aggregate *aggregate,
			   struct lttng_addons_cell *cell)
{
	struct wide sum = sum_of(aggregate, cell);
	u64 rest;

	if (aggregate->is_signed && (s64)sum.high < 0)
		return wide_negate(wide_divide(wide_negate(sum), cell->count, &rest));
	return wide_divide(sum, cell->count, &rest);
}

const struct column count_column = { "count", count_of };
const struct column sum_column = { "sum", sum_of };
const struct column min_column = { "min", min_of };
const struct column max_column = { "max", max_of };
const struct column mean_column = { "mean", mean_of };
