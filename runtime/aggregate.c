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

/* Keys of a series whose slices are so many apart share a cell. */
static u64 first_word(const struct lttng_addons_aggregate *aggregate, u64 word)
{
	return aggregate->slices ? word % aggregate->slices : word;
}

static u32 hash_of(const struct lttng_addon *addon,
		   const struct lttng_addons_aggregate *aggregate, const u64 *key)
{
	u64 word = first_word(aggregate, key[0]), hash = addon->seed;
	u32 i = 0;

	for (;;) {
		hash = (hash ^ word) * GOLDEN_RATIO_64;
		/* A product's lower bits know nothing of a factor's higher ones. */
		hash ^= hash >> 32;
		if (++i == aggregate->key_size / sizeof(*key))
			return hash * GOLDEN_RATIO_64 >> 32;
		word = key[i];
	}
}

static bool has_key(struct lttng_addons_cell *cell,
		    const struct lttng_addons_aggregate *aggregate, const u64 *key)
{
	const u64 *own = lttng_addons_cell_key(cell);
	u32 i;

	for (i = 1; i < aggregate->key_size / sizeof(*key); i++) {
		if (own[i] != key[i])
			return false;
	}
	return first_word(aggregate, own[0]) == first_word(aggregate, key[0]);
}

/* Where a key may be: in one of two groups of cells. */
struct place {
	const struct lttng_addons_table *table;
	void *groups[2];
};

/* A key's cell in a group, or the group's first free one; NULL if it is full. */
static struct lttng_addons_cell *
find_in_group(const struct lttng_addons_aggregate *aggregate,
	      const struct lttng_addons_table *table, void *group, const u64 *key)
{
	struct lttng_addons_cell *cell = group;
	u32 tried;

	for (tried = 0; tried < GROUP_CELLS; tried++) {
		if (!cell->count || has_key(cell, aggregate, key))
			return cell;
		cell = (void *)cell + table->cell_size;
	}
	return NULL;
}

/*
 * The key's cell, or a free one for it; NULL if there is none. A key has two
 * groups and gets a cell of the emptier one, so that few are full while the
 * table is half empty, and no key costs more than the cells of two groups.
 */
static struct lttng_addons_cell *
find_cell(const struct lttng_addons_aggregate *aggregate, const struct place *place,
	  const u64 *key)
{
	struct lttng_addons_cell *one, *other;

	one = find_in_group(aggregate, place->table, place->groups[0], key);
	if (one && one->count)
		return one;
	other = find_in_group(aggregate, place->table, place->groups[1], key);
	if (!one || !other || other->count)
		return other ?: one;
	return (void *)one - place->groups[0] <= (void *)other - place->groups[1] ?
		one : other;
}

static void give_key(struct lttng_addons_cell *cell,
		     const struct lttng_addons_table *table, const u64 *key)
{
	u64 sequence = lttng_addons_cell_begin(cell);

	memcpy(lttng_addons_cell_key(cell), key, table->key_size);
	lttng_addons_cell_end(cell, sequence);
}

static void reset_cell(struct lttng_addons_cell *cell, const struct lttng_addons_table *table)
{
	const size_t head = offsetof(struct lttng_addons_cell, count);
	u64 sequence = lttng_addons_cell_begin(cell);

	memset((void *)cell + head, 0, table->cell_size - head);
	lttng_addons_cell_end(cell, sequence);
}

/* The lightest cell of both groups, which are full. */
static struct lttng_addons_cell *lightest_of(const struct place *place)
{
	struct lttng_addons_cell *lightest = place->groups[0];
	u32 i, group;

	for (group = 0; group < ARRAY_SIZE(place->groups); group++) {
		for (i = 0; i < GROUP_CELLS; i++) {
			struct lttng_addons_cell *cell =
				place->groups[group] + i * place->table->cell_size;

			if (cell->sum < lightest->sum)
				lightest = cell;
		}
	}
	return lightest;
}

/* The new key begins with the sum of the one that gives way, and knows of it. */
static struct lttng_addons_cell *
give_way(const struct lttng_addons_aggregate *aggregate,
	 struct lttng_addons_cell *overflow, const struct place *place, const u64 *key)
{
	struct lttng_addons_cell *cell = lightest_of(place);
	u64 sequence;

	WRITE_ONCE(overflow->count, overflow->count + 1);
	WRITE_ONCE(overflow->max, max(overflow->max, cell->sum));
	sequence = lttng_addons_cell_begin(cell);
	memcpy(lttng_addons_cell_key(cell), key, aggregate->key_size);
	lttng_addons_cell_words(aggregate, cell)[0] = cell->sum;
	lttng_addons_cell_end(cell, sequence);
	return cell;
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
	const struct lttng_addons_aggregate *declared = addon->aggregates[aggregate];
	const struct lttng_addons_table *table = &addon->tables[aggregate];
	const u32 hash = hash_of(addon, declared, key);
	const u32 last = table->cells / GROUP_CELLS - 1;
	const struct place place = {
		.table = table,
		.groups = {
			cell_at(cpu, table, (hash & last) * GROUP_CELLS),
			cell_at(cpu, table, (hash >> 16 & last) * GROUP_CELLS),
		},
	};
	struct lttng_addons_cell *cell = find_cell(declared, &place, key);

	if (!cell && !declared->kind->gives_way)
		return overflow_of(cpu, table);
	if (!cell)
		cell = give_way(declared, overflow_of(cpu, table), &place, key);
	/* The slice that had the cell is over. */
	if (cell->count && *(const u64 *)lttng_addons_cell_key(cell) != key[0])
		reset_cell(cell, table);
	if (!cell->count)
		give_key(cell, table, key);
	cpu->cells[aggregate] = cell;
	return cell;
}
EXPORT_SYMBOL_GPL(lttng_addons_find);

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
