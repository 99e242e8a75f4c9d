/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buckets of a cell. Bucket 0 counts what lies below all others, the last
 * one what lies above. With a step they are equally wide, without one each is
 * as wide as all before it together.
 * Inline, as a call here would cost also what has no histogram.
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <linux/bitops.h>
#include <linux/math64.h>

#include "lttng-addons.h"

static inline bool is_below(const struct lttng_addons_aggregate *aggregate, u64 value)
{
	if (aggregate->is_signed)
		return (s64)value < aggregate->from;
	return aggregate->from > 0 && value < (u64)aggregate->from;
}

static inline u32 bucket_of(const struct lttng_addons_aggregate *aggregate,
			    u64 value)
{
	u64 distance;

	if (!aggregate->step) {
		bool below = aggregate->is_signed && (s64)value < 0;

		return below ? 0 : 1 + fls64(value);
	}
	if (is_below(aggregate, value))
		return 0;
	distance = value - aggregate->from;
	/* From a negative begin it may be more than 64 bits hold. */
	if (!aggregate->is_signed && aggregate->from < 0 && distance < value)
		return aggregate->buckets - 1;
	return 1 + min_t(u64, div64_u64(distance, aggregate->step), aggregate->buckets - 2);
}

static inline void histogram_add(const struct lttng_addons_aggregate *aggregate,
				 u64 *buckets, u64 value)
{
	buckets[bucket_of(aggregate, value)]++;
}

#endif /* HISTOGRAM_H */
