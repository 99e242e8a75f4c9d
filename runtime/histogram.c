// SPDX-License-Identifier: GPL-2.0-only
/*
 * The buckets of a cell. Bucket 0 counts what lies below all others, the last
 * one what lies above. With a step they are equally wide, without one each is
 * as wide as all before it together.
 */
#include <linux/bitops.h>
#include <linux/math64.h>

#include "runtime.h"

static bool is_below(const struct lttng_addons_aggregate *aggregate, u64 value)
{
	if (aggregate->is_signed)
		return (s64)value < aggregate->from;
	return aggregate->from > 0 && value < (u64)aggregate->from;
}

static u32 bucket_of(const struct lttng_addons_aggregate *aggregate, u64 value)
{
	/* Powers of 2 begin from 0, which is where `from` is then. */
	if (is_below(aggregate, value))
		return 0;
	if (!aggregate->step)
		return 1 + fls64(value);
	return min_t(u64, 1 + div64_u64(value - aggregate->from, aggregate->step),
		     aggregate->buckets - 1);
}

void histogram_add(const struct lttng_addons_aggregate *aggregate, u64 *buckets,
		   u64 value)
{
	buckets[bucket_of(aggregate, value)]++;
}

static s64 bucket_begin(const struct lttng_addons_aggregate *aggregate, u32 bucket)
{
	if (!aggregate->step)
		return bucket == 1 ? 0 : 1ULL << (bucket - 2);
	return aggregate->from + (bucket - 1) * aggregate->step;
}

static void show_bucket(struct seq_file *file,
			const struct lttng_addons_aggregate *aggregate, u32 bucket,
			u64 count, u64 most)
{
	u64 stars = div64_u64(count * 40 + most - 1, most);

	if (!bucket)
		seq_printf(file, "    %20s", "below");
	else if (aggregate->is_signed)
		seq_printf(file, "    %20lld", bucket_begin(aggregate, bucket));
	else
		seq_printf(file, "    %20llu", (u64)bucket_begin(aggregate, bucket));
	seq_printf(file, "%s %19llu |", bucket == aggregate->buckets - 1 ? "+" : " ", count);
	while (stars--)
		seq_putc(file, '*');
	seq_putc(file, '\n');
}

/* Show the buckets from the first that has something to the last. */
void histogram_show(struct seq_file *file,
		    const struct lttng_addons_aggregate *aggregate, const u64 *buckets)
{
	u32 i, first = aggregate->buckets, last = 0;
	u64 most = 0;

	for (i = 0; i < aggregate->buckets; i++) {
		if (!buckets[i])
			continue;
		first = min(first, i);
		last = i;
		most = max(most, buckets[i]);
	}
	for (i = first; i <= last; i++)
		show_bucket(file, aggregate, i, buckets[i], most);
}
