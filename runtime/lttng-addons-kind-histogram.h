/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kind `histogram`: its words are buckets. Bucket 0 counts what lies below
 * all others, the last one what lies above. With a step they are equally wide;
 * without one each power of 2 is divided into as many, and values that are less
 * than twice that number have a bucket each.
 */
#ifndef LTTNG_ADDONS_KIND_HISTOGRAM_H
#define LTTNG_ADDONS_KIND_HISTOGRAM_H

#include <linux/bitops.h>
#include <linux/math64.h>

#include "lttng-addons-cell.h"

static __always_inline bool
lttng_addons_is_below(const struct lttng_addons_aggregate *aggregate, u64 value)
{
	if (aggregate->is_signed)
		return (s64)value < aggregate->from;
	return aggregate->from > 0 && value < (u64)aggregate->from;
}

static __always_inline u32
lttng_addons_linear_bucket(const struct lttng_addons_aggregate *aggregate, u64 value)
{
	u64 distance = value - aggregate->from;

	if (lttng_addons_is_below(aggregate, value))
		return 0;
	/* From a negative begin it may be more than 64 bits hold. */
	if (!aggregate->is_signed && aggregate->from < 0 && distance < value)
		return aggregate->words - 1;
	return 1 + min_t(u64, div64_u64(distance, aggregate->step), aggregate->words - 2);
}

static __always_inline u32
lttng_addons_log2_bucket(const struct lttng_addons_aggregate *aggregate, u64 value)
{
	u32 exponent;

	if (aggregate->is_signed && (s64)value < 0)
		return 0;
	if (!aggregate->bits)
		return 1 + fls64(value);
	if (!(value >> aggregate->bits))
		return 1 + value;
	exponent = __fls(value) - aggregate->bits;
	return 1 + (exponent << aggregate->bits) + (value >> exponent);
}

static __always_inline void
lttng_addons_add_histogram(const struct lttng_addons_aggregate *aggregate,
			   struct lttng_addons_cell *cell, u64 value)
{
	u64 *buckets = lttng_addons_cell_words(aggregate, cell);
	u32 bucket = aggregate->step ? lttng_addons_linear_bucket(aggregate, value) :
				       lttng_addons_log2_bucket(aggregate, value);
	u64 sequence = lttng_addons_cell_begin(cell);

	lttng_addons_cell_sum(aggregate, cell, value);
	lttng_addons_cell_min(aggregate, cell, value);
	lttng_addons_cell_max(aggregate, cell, value);
	buckets[bucket]++;
	cell->count++;
	lttng_addons_cell_end(cell, sequence);
}

#endif /* LTTNG_ADDONS_KIND_HISTOGRAM_H */
