// SPDX-License-Identifier: GPL-2.0-only
/*
 * Aggregates: written by each CPU into cells of its own, merged when they are
 * read. A cell's sequence is odd while it is being written.
 */
#include <linux/cpu.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/sort.h>

#include "histogram.h"
#include "runtime.h"

static void *cell_at(const struct lttng_addons_cpu *cpu,
		     const struct lttng_addons_table *table, u32 index)
{
	return cpu->memory + table->cells_offset + (size_t)index * table->cell_size;
}

static u64 *overflow_of(const struct lttng_addons_cpu *cpu,
			const struct lttng_addons_table *table)
{
	return cpu->memory + table->overflow_offset;
}

static void write_begin(struct lttng_addons_cell *cell)
{
	WRITE_ONCE(cell->sequence, cell->sequence + 1);
	/* It is odd before anything else changes; pairs with read_cell(). */
	smp_wmb();
}

static void write_end(struct lttng_addons_cell *cell)
{
	/* All else has changed before it is even; pairs with read_cell(). */
	smp_wmb();
	WRITE_ONCE(cell->sequence, cell->sequence + 1);
}

/* The key's cell, or a free one for it; NULL if there is none. */
static struct lttng_addons_cell *find_cell(const struct lttng_addons_cpu *cpu,
					   const struct lttng_addons_table *table,
					   const void *key)
{
	u32 index, tried;

	if (!table->key_size)
		return cell_at(cpu, table, 0);
	index = jhash(key, table->key_size, 0) % table->cells;
	for (tried = 0; tried < table->cells; tried++) {
		struct lttng_addons_cell *cell = cell_at(cpu, table, index);

		if (!cell->count || !memcmp(cell_key(cell), key, table->key_size))
			return cell;
		if (++index == table->cells)
			index = 0;
	}
	return NULL;
}

static bool is_less(const struct lttng_addons_aggregate *aggregate, u64 a, u64 b)
{
	return aggregate->is_signed ? (s64)a < (s64)b : a < b;
}

static void take_extremes(const struct lttng_addons_aggregate *aggregate,
			  struct lttng_addons_cell *cell, u64 min, u64 max)
{
	if (!cell->count || is_less(aggregate, min, cell->min))
		cell->min = min;
	if (!cell->count || is_less(aggregate, cell->max, max))
		cell->max = max;
}

/**
 * lttng_addons_add() - Add a value to an aggregate
 * @addon: the addon
 * @cpu: what lttng_addons_enter() returned
 * @aggregate: the aggregate's index in the addon's aggregates
 * @value: the value; a signed one is converted
 * @key: all key_size bytes of the key; NULL if the aggregate has none
 *
 * A value whose key finds no free cell is counted as overflow.
 *
 * Context: Between lttng_addons_enter() and lttng_addons_leave().
 */
void lttng_addons_add(const struct lttng_addon *addon,
		      struct lttng_addons_cpu *cpu, unsigned int aggregate,
		      u64 value, const void *key)
{
	const struct lttng_addons_aggregate *declared = &addon->aggregates[aggregate];
	const struct lttng_addons_table *table = &addon->tables[aggregate];
	struct lttng_addons_cell *cell = find_cell(cpu, table, key);

	if (!cell) {
		WRITE_ONCE(*overflow_of(cpu, table), *overflow_of(cpu, table) + 1);
		return;
	}
	write_begin(cell);
	if (!cell->count && table->key_size)
		memcpy(cell_key(cell), key, table->key_size);
	take_extremes(declared, cell, value, value);
	cell->sum += value;
	if (table->buckets)
		histogram_add(declared, cell_buckets(cell, table), value);
	cell->count++;
	write_end(cell);
}
EXPORT_SYMBOL_GPL(lttng_addons_add);

/* Copy a cell as it was between two writes. */
static void read_cell(void *to, const struct lttng_addons_cell *cell, size_t size)
{
	u64 sequence;

	for (;;) {
		sequence = READ_ONCE(cell->sequence);
		/* Pairs with write_end(). */
		smp_rmb();
		memcpy(to, cell, size);
		/* Pairs with write_begin(). */
		smp_rmb();
		if (!(sequence & 1) && sequence == READ_ONCE(cell->sequence))
			return;
		cpu_relax();
	}
}

static int compare_keys(const void *a, const void *b, const void *table)
{
	return memcmp(cell_key((void *)a), cell_key((void *)b),
		      ((const struct lttng_addons_table *)table)->key_size);
}

static void merge_cell(const struct lttng_addons_aggregate *aggregate,
		       const struct lttng_addons_table *table,
		       struct lttng_addons_cell *into, struct lttng_addons_cell *cell)
{
	u32 i;

	take_extremes(aggregate, into, cell->min, cell->max);
	into->count += cell->count;
	into->sum += cell->sum;
	for (i = 0; i < table->buckets; i++)
		cell_buckets(into, table)[i] += cell_buckets(cell, table)[i];
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
			merge_cell(aggregate, table, last, cell);
			continue;
		}
		last += table->cell_size;
		memmove(last, cell, table->cell_size);
		merged++;
	}
	return merged;
}

/* All CPUs' cells of an aggregate, merged by key; aggregate_free() them. */
int aggregate_merge(struct lttng_addon *addon, u32 index, struct merged *merged)
{
	const struct lttng_addons_table *table = &addon->tables[index];
	u32 number, i, count = 0;
	void *cells;

	cells = kvcalloc((size_t)num_possible_cpus() * table->cells, table->cell_size,
			 GFP_KERNEL);
	if (!cells)
		return -ENOMEM;
	merged->overflow = 0;
	for_each_possible_cpu(number) {
		const struct lttng_addons_cpu *cpu = per_cpu_ptr(addon->cpus, number);

		merged->overflow += READ_ONCE(*overflow_of(cpu, table));
		for (i = 0; i < table->cells; i++) {
			struct lttng_addons_cell *cell =
				cells + (size_t)count * table->cell_size;

			read_cell(cell, cell_at(cpu, table, i), table->cell_size);
			count += !!cell->count;
		}
		cond_resched();
	}
	sort_r(cells, count, table->cell_size, compare_keys, NULL, table);
	merged->cells = merge_sorted(&addon->aggregates[index], table, cells, count);
	merged->data = cells;
	return 0;
}

void aggregate_free(struct merged *merged)
{
	kvfree(merged->data);
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

static void reset_table(const struct lttng_addons_cpu *cpu,
			const struct lttng_addons_table *table)
{
	const size_t head = offsetof(struct lttng_addons_cell, count);
	u32 i;

	WRITE_ONCE(*overflow_of(cpu, table), 0);
	for (i = 0; i < table->cells; i++) {
		struct lttng_addons_cell *cell = cell_at(cpu, table, i);

		if (!cell->count)
			continue;
		write_begin(cell);
		memset((void *)cell + head, 0, table->cell_size - head);
		write_end(cell);
	}
}

static void reset_cpu(struct lttng_addon *addon, struct lttng_addons_cpu *cpu)
{
	u32 i;

	cpu->busy = true;
	barrier();
	for (i = 0; i < addon->hook_count; i++) {
		WRITE_ONCE(cpu->hits[i].seen, 0);
		WRITE_ONCE(cpu->hits[i].passed, 0);
		WRITE_ONCE(cpu->hits[i].recorded, 0);
		atomic64_set((atomic64_t *)&cpu->hits[i].lost, 0);
	}
	for (i = 0; i < addon->aggregate_count; i++)
		reset_table(cpu, &addon->tables[i]);
	barrier();
	cpu->busy = false;
}

static void reset_here(void *addon)
{
	reset_cpu(addon, this_cpu_ptr(((struct lttng_addon *)addon)->cpus));
}

/*
 * Everything to 0, on each CPU by itself: an interrupt comes before an update
 * or after it, never in between.
 */
void collected_reset(struct lttng_addon *addon)
{
	int number;

	cpus_read_lock();
	on_each_cpu(reset_here, addon, 1);
	for_each_possible_cpu(number) {
		if (!cpu_online(number))
			reset_cpu(addon, per_cpu_ptr(addon->cpus, number));
	}
	cpus_read_unlock();
}
