// SPDX-License-Identifier: GPL-2.0-only
/* 10,000 records of the ring's shape, to be had as text or one by one. */
#include <linux/errno.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "reading_cost_abi.h"

#define RECORDS	10000

void records_show(struct seq_file *file);
int records_read_one(struct reading_cost_sample *sample);

static struct reading_cost_sample record(u32 number)
{
	return (struct reading_cost_sample) {
		.time_ns = 1000000000ULL + number,
		.len = 84,
		.device = "lo",
	};
}

void records_show(struct seq_file *file)
{
	u32 number;

	for (number = 0; number < RECORDS; number++) {
		struct reading_cost_sample one = record(number);

		seq_printf(file, "%llu %u %.16s\n", one.time_ns, one.len, one.device);
	}
}

/* In: the number as `len`; out: that record. */
int records_read_one(struct reading_cost_sample *sample)
{
	if (sample->len >= RECORDS)
		return -EINVAL;
	*sample = record(sample->len);
	return 0;
}
