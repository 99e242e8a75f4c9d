// SPDX-License-Identifier: GPL-2.0-only
/* What was collected, read: added up over all CPUs, an aggregate's by key. */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

#include "lttng-addons-cell.h"
#include "runtime.h"

/* A writer takes less than a microsecond; its virtual CPU may have been stopped. */
#define WRITER_IS_DEAD	HZ

/* Copy a cell, if no writer came in between. */
static bool try_cell(void *to, const struct lttng_addons_cell *cell, size_t size)
{
	u64 sequence = READ_ONCE(cell->sequence);

	/* Pairs with lttng_addons_cell_end(). */
	smp_rmb();
	memcpy(to, cell, size);
	/* Pairs with lttng_addons_cell_begin(). */
	smp_rmb();
	return !(sequence & 1) && sequence == READ_ONCE(cell->sequence);
}

/*
 * Copy a cell as it was between two writes. Where its writer died in the middle,
 * nobody knows what it holds: -EIO.
 */
static int read_cell(void *to, const struct lttng_addons_cell *cell, size_t size)
{
	const unsigned long end = jiffies + WRITER_IS_DEAD;

	while (!try_cell(to, cell, size)) {
		if (time_after(jiffies, end))
			return -EIO;
		cond_resched();
		cpu_relax();
	}
	return 0;
}

static int compare_keys(const void *a, const void *b, const void *table)
{
	return memcmp(lttng_addons_cell_key((void *)a), lttng_addons_cell_key((void *)b),
		      ((const struct lttng_addons_table *)table)->key_size);
}

static void merge_cell(const struct lttng_addons_aggregate *aggregate,
		       struct lttng_addons_cell *into, struct lttng_addons_cell *cell)
{
	const u64 *words = lttng_addons_cell_words(aggregate, cell);
	u64 *merged = lttng_addons_cell_words(aggregate, into);
	u32 i;

	lttng_addons_cell_min(aggregate, into, cell->min);
	lttng_addons_cell_max(aggregate, into, cell->max);
	into->count += cell->count;
	into->sum += cell->sum;
	into->sum_high += cell->sum_high + (into->sum < cell->sum);
	if (aggregate->kind->merge)
		return aggregate->kind->merge(merged, words);
	for (i = 0; i < aggregate->words; i++)
		merged[i] += words[i];
}

/* One cell a key, of cells that are sorted by their keys. */
static u32 merge_sorted(const struct lttng_addons_aggregate *aggregate,
			const struct lttng_addons_table *table, void *cells, u32 count)
{
	void *last = cells;
	u32 i, merged = count ? 1 : 0;

	for (i = 1; i < count; i++) {
		void *cell = cells + (size_t)i * table->cell_size;

		if (!compare_keys(last, cell, table)) {
			merge_cell(aggregate, last, cell);
			continue;
		}
		last += table->cell_size;
		memmove(last, cell, table->cell_size);
		merged++;
	}
	return merged;
}

/* Copy a CPU's cells that are in use behind those of other CPUs. */
static int read_cpu(const struct lttng_addons_cpu *cpu,
		    const struct lttng_addons_table *table, void *cells, u32 *count)
{
	u32 i;
	int ret;

	for (i = 0; i < table->cells; i++) {
		struct lttng_addons_cell *cell = cells + (size_t)*count * table->cell_size;

		ret = read_cell(cell, cell_at(cpu, table, i), table->cell_size);
		if (ret)
			return ret;
		*count += !!cell->count;
	}
	return 0;
}

/*
 * All CPUs' cells of an aggregate, merged by key; aggregate_free() them.
 * Return: 0, -ENOMEM, or -EIO if a writer died in the middle of a cell.
 */
int aggregate_merge(struct lttng_addon *addon, u32 index, struct merged *merged)
{
	const struct lttng_addons_table *table = &addon->tables[index];
	u32 number, count = 0;
	void *cells;
	int ret;

	/* May be more than kvmalloc() gives: INT_MAX. */
	cells = vcalloc((size_t)num_possible_cpus() * table->cells, table->cell_size);
	if (!cells)
		return -ENOMEM;
	merged->overflow = 0;
	merged->unsure = 0;
	for_each_possible_cpu(number) {
		const struct lttng_addons_cpu *cpu = per_cpu_ptr(addon->cpus, number);

		merged->overflow += READ_ONCE(overflow_of(cpu, table)->count);
		if (addon->aggregates[index]->kind->gives_way)
			merged->unsure += READ_ONCE(overflow_of(cpu, table)->max);
		ret = read_cpu(cpu, table, cells, &count);
		if (ret) {
			vfree(cells);
			return ret;
		}
		cond_resched();
	}
	sort_r(cells, count, table->cell_size, compare_keys, NULL, table);
	merged->cells = merge_sorted(addon->aggregates[index], table, cells, count);
	merged->data = cells;
	return 0;
}

void aggregate_free(struct merged *merged)
{
	vfree(merged->data);
}

void hits_sum(struct lttng_addon *addon, u32 hook, struct lttng_addons_hits *sum)
{
	int number;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(number) {
		const struct lttng_addons_hits *hits =
			&per_cpu_ptr(addon->cpus, number)->hits[hook];

		sum->seen += READ_ONCE(hits->seen);
		sum->passed += READ_ONCE(hits->passed);
		sum->recorded += READ_ONCE(hits->recorded);
		sum->lost += READ_ONCE(hits->lost);
	}
}
