// SPDX-License-Identifier: GPL-2.0-only
/*
 * Aggregates, as probes write them: each CPU into cells of its own. A cell's
 * sequence is odd while it is being written.
 */
#include <linux/cpu.h>
#include <linux/hash.h>
#include <linux/smp.h>

#include "lttng-addons-cell.h"
#include "runtime.h"

static u64 hash_of(const struct lttng_addon *addon, const u64 *key, u32 size)
{
	u64 hash = addon->seed;
	u32 i;

	for (i = 0; i < size / sizeof(*key); i++) {
		hash = (hash ^ key[i]) * GOLDEN_RATIO_64;
		/* A product's lower bits know nothing of a factor's higher ones. */
		hash ^= hash >> 32;
	}
	return hash * GOLDEN_RATIO_64 >> 32;
}

static bool is_same_key(const u64 *a, const u64 *b, u32 size)
{
	u32 i;

	for (i = 0; i < size / sizeof(*a); i++) {
		if (a[i] != b[i])
			return false;
	}
	return true;
}

/* A key's cell in a group, or the group's first free one; NULL if it is full. */
static __always_inline struct lttng_addons_cell *
find_in_group(const struct lttng_addons_cpu *cpu, const struct lttng_addons_table *table,
	      u32 group, const u64 *key)
{
	void *at = cell_at(cpu, table, group * GROUP_CELLS);
	u32 tried;

	for (tried = 0; tried < GROUP_CELLS; tried++, at += table->cell_size) {
		struct lttng_addons_cell *cell = at;

		if (!cell->count || is_same_key(lttng_addons_cell_key(cell), key, table->key_size))
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
					   const u64 *key)
{
	const u32 hash = hash_of(addon, key, table->key_size);
	const u32 last = table->cells / GROUP_CELLS - 1;
	struct lttng_addons_cell *one, *other;
	void *begin, *other_begin;

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

static void give_key(struct lttng_addons_cell *cell,
		     const struct lttng_addons_table *table, const u64 *key)
{
	u64 sequence = lttng_addons_cell_begin(cell);

	memcpy(lttng_addons_cell_key(cell), key, table->key_size);
	lttng_addons_cell_end(cell, sequence);
}

/**
 * lttng_addons_find() - Find the cell of a key that the last hit did not have
 * @addon: the addon
 * @cpu: what lttng_addons_enter() returned
 * @aggregate: the aggregate's index in the addon's aggregates
 * @key: the key, key_size bytes
 *
 * Context: Between lttng_addons_enter() and lttng_addons_leave().
 * Return: The cell; that of the overflow if there is no room for the key.
 */
struct lttng_addons_cell *lttng_addons_find(const struct lttng_addon *addon,
					    struct lttng_addons_cpu *cpu,
					    unsigned int aggregate, const u64 *key)
{
	const struct lttng_addons_table *table = &addon->tables[aggregate];
	struct lttng_addons_cell *cell = find_cell(addon, cpu, table, key);

	if (!cell)
		return overflow_of(cpu, table);
	if (!cell->count)
		give_key(cell, table, key);
	cpu->cells[aggregate] = cell;
	return cell;
}
EXPORT_SYMBOL_GPL(lttng_addons_find);

static void reset_cell(struct lttng_addons_cell *cell, const struct lttng_addons_table *table)
{
	const size_t head = offsetof(struct lttng_addons_cell, count);
	u64 sequence = lttng_addons_cell_begin(cell);

	memset((void *)cell + head, 0, table->cell_size - head);
	lttng_addons_cell_end(cell, sequence);
}

static void reset_table(const struct lttng_addons_cpu *cpu,
			const struct lttng_addons_table *table)
{
	u32 i;

	reset_cell(overflow_of(cpu, table), table);
	for (i = 0; i < table->cells; i++) {
		struct lttng_addons_cell *cell = cell_at(cpu, table, i);

		if (cell->count)
			reset_cell(cell, table);
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
