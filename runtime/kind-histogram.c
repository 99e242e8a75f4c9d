// SPDX-License-Identifier: GPL-2.0-only
/* The kind `histogram`: the same as a mean, and below that its buckets. */
#include <linux/math64.h>

#include "runtime.h"

/* Where a bucket begins; signed with a step only. */
static u64 bucket_begin(const struct lttng_addons_aggregate *aggregate, u32 bucket)
{
	u32 place = bucket - 1;

	if (aggregate->step)
		return aggregate->from + place * aggregate->step;
	if (!(place >> aggregate->bits >> 1))
		return place;
	return ((place & (BIT(aggregate->bits) - 1)) + BIT_ULL(aggregate->bits)) <<
		((place >> aggregate->bits) - 1);
}

static void show_bucket(struct seq_file *file,
			const struct lttng_addons_aggregate *aggregate, u32 bucket,
			u64 count, u64 most)
{
	u64 stars = div64_u64(count * 40 + most - 1, most);

	if (!bucket)
		seq_printf(file, "    %20s", "below");
	else if (aggregate->step)
		seq_printf(file, "    %20lld", (s64)bucket_begin(aggregate, bucket));
	else
		seq_printf(file, "    %20llu", bucket_begin(aggregate, bucket));
	seq_printf(file, "%s %19llu |", bucket == aggregate->words - 1 ? "+" : " ", count);
	while (stars--)
		seq_putc(file, '*');
	seq_putc(file, '\n');
}

/* Show the buckets from the first that has something to the last. */
static void histogram_show(struct seq_file *file,
			   const struct lttng_addons_aggregate *aggregate,
			   const u64 *buckets)
{
	u32 i, first = aggregate->words, last = 0;
	u64 most = 0;

	for (i = 0; i < aggregate->words; i++) {
		if (!buckets[i])
			continue;
		first = min(first, i);
		last = i;
		most = max(most, buckets[i]);
	}
	for (i = first; i <= last; i++)
		show_bucket(file, aggregate, i, buckets[i], most);
}

LTTNG_ADDONS_DECLARE_KIND(histogram);

const struct lttng_addons_kind lttng_addons_kind_histogram = {
	.columns = { &count_column, &mean_column, &min_column, &max_column },
	.show = histogram_show,
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_histogram);
