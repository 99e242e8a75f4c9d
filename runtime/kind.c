// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of aggregates: which columns people see of a cell. A kind that
 * uses what every cell has is a row of `kinds`.
 */
#include <linux/math64.h>

#include "runtime.h"

static u64 count_of(const struct lttng_addons_aggregate *aggregate,
		    const struct lttng_addons_cell *cell)
{
	return cell->count;
}

static u64 sum_of(const struct lttng_addons_aggregate *aggregate,
		  const struct lttng_addons_cell *cell)
{
	return cell->sum;
}

static u64 min_of(const struct lttng_addons_aggregate *aggregate,
		  const struct lttng_addons_cell *cell)
{
	return cell->min;
}

static u64 max_of(const struct lttng_addons_aggregate *aggregate,
		  const struct lttng_addons_cell *cell)
{
	return cell->max;
}

static u64 mean_of(const struct lttng_addons_aggregate *aggregate,
		   const struct lttng_addons_cell *cell)
{
	return aggregate->is_signed ? (u64)div64_s64(cell->sum, cell->count)
				    : div64_u64(cell->sum, cell->count);
}

static const struct column count_column = { "count", count_of, .is_count = true };
static const struct column sum_column = { "sum", sum_of };
static const struct column min_column = { "min", min_of };
static const struct column max_column = { "max", max_of };
static const struct column mean_column = { "mean", mean_of };

#define DISTRIBUTION { &count_column, &mean_column, &min_column, &max_column }

static const struct kind kinds[] = {
	[LTTNG_ADDONS_COUNT] = { { &count_column } },
	[LTTNG_ADDONS_SUM] = { { &sum_column } },
	[LTTNG_ADDONS_MIN] = { { &min_column } },
	[LTTNG_ADDONS_MAX] = { { &max_column } },
	[LTTNG_ADDONS_MEAN] = { DISTRIBUTION },
	[LTTNG_ADDONS_LOG2] = { DISTRIBUTION },
	[LTTNG_ADDONS_LINEAR] = { DISTRIBUTION },
};

const struct kind *kind_of(const struct lttng_addons_aggregate *aggregate)
{
	return &kinds[aggregate->kind];
}
