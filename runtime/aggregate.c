// SPDX-License-Identifier: GPL-2.0-only
/*
 * Aggregates, as probes write them: each CPU into cells of its own. A cell's
 * sequence is odd while it is being written.
 */
#include <linux/cpu.h>
#include <linux/jhash.h>
#include <linux/smp.h>

#include "cell.h"
#include "histogram.h"
#include "runtime.h"

static void write_begin(struct lttng_addons_cell *cell)
{
	/* It may be odd already, if its last writer died. */
	WRITE_ONCE(cell->sequence, cell->sequence | 1);
	/* It is odd before anything else changes; pairs with read_cell(). */
	smp_wmb();
}

static void write_end(struct lttng_addons_cell *cell)
{
	/* All else has changed before it is even; pairs with read_cell(). */
	smp_wmb();
	WRITE_ONCE(cell->sequence, cell->sequence + 1);
}

/* A key's cell in a group, or the group's first free one; NULL if it is full. */
static __always_inline struct lttng_addons_cell *
find_in_group(const struct lttng_addons_cpu *cpu, const struct lttng_addons_table *table,
	      u32 group, const void *key)
{
	void *at = cell_at(cpu, table, group * GROUP_CELLS);
	u32 tried;

	for (tried = 0; tried < GROUP_CELLS; tried++, at += table->cell_size) {
		struct lttng_addons_cell *cell = at;

		if (!cell->count || !memcmp(cell_key(cell), key, table->key_size))
			return cell;
	}
	return NULL;
}

/*
 * The key's cell, or a free one for it; NULL if there is none. A key has two
 * groups and gets a cell of the emptier one, so that few are full while the
 * table is half empty, and no key costs more than the cells of two groups.
 */
static struct lttng_addons_cell *find_cell(const struct lttng_addon *addon,
					   const struct lttng_addons_cpu *cpu,
					   const struct lttng_addons_table *table,
					   const void *key)
{
	const u32 last = table->cells / GROUP_CELLS - 1;
	struct lttng_addons_cell *one, *other;
	void *begin, *other_begin;
	u32 hash;

	if (!table->key_size)
		return cell_at(cpu, table, 0);
	hash = jhash(key, table->key_size, addon->seed);
	one = find_in_group(cpu, table, hash & last, key);
	if (one && one->count)
		return one;
	other = find_in_group(cpu, table, hash >> 16 & last, key);
	if (!one || !other || other->count)
		return other ?: one;
	begin = cell_at(cpu, table, (hash & last) * GROUP_CELLS);
	other_begin = cell_at(cpu, table, (hash >> 16 & last) * GROUP_CELLS);
	return (void *)one - begin <= (void *)other - other_begin ? one : other;
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
	struct lttng_addons_cell *cell = find_cell(addon, cpu, table, key);

	if (!cell) {
		WRITE_ONCE(*overflow_of(cpu, table), *overflow_of(cpu, table) + 1);
		return;
	}
	write_begin(cell);
	if (!cell->count && table->key_size)
		memcpy(cell_key(cell), key, table->key_size);
	take_extremes(declared, cell, value, value);
	add_value(declared, cell, value);
	if (table->buckets)
		histogram_add(declared, cell_buckets(cell, table), value);
	cell->count++;
	write_end(cell);
}
EXPORT_SYMBOL_GPL(lttng_addons_add);

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
