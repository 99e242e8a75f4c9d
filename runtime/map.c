// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory that probes write and user space may map: each CPU has
 * memory of its own in it. lttng-addons-abi.h has the layout.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "runtime.h"

/* Reserve `size` bytes at the end of what is laid out so far. */
static u64 reserve(u64 *end, u64 size, u64 alignment)
{
	u64 offset = ALIGN(*end, alignment);

	*end = offset + size;
	return offset;
}

static u32 cells_for(u32 keys)
{
	return max_t(u32, roundup_pow_of_two(2 * keys), GROUP_CELLS);
}

static void lay_out_table(struct lttng_addons_table *table, u64 *end,
			  const struct lttng_addons_aggregate *aggregate)
{
	const u32 keys = aggregate->keys * max(aggregate->slices, 1U);

	table->cells = aggregate->key_size ? cells_for(keys) : 1;
	table->key_size = aggregate->key_size;
	table->words = aggregate->words;
	table->cell_size = sizeof(struct lttng_addons_cell) +
		aggregate->key_size + aggregate->words * sizeof(u64);
	table->overflow_offset = reserve(end, table->cell_size, 8);
	table->cells_offset = reserve(end, (u64)table->cells * table->cell_size, 8);
}

/*
 * Fill in the head of the mapping; its tables follow in `tables`.
 * Return: 0, or -E2BIG if a CPU's memory is larger than its offsets can say.
 */
static int lay_out(struct lttng_addons_map *map, struct lttng_addons_table *tables,
		   const struct lttng_addon *addon)
{
	u64 tables_size = addon->aggregate_count * sizeof(*tables);
	u64 end = 0;
	u32 i;

	map->magic = LTTNG_ADDONS_MAP_MAGIC;
	map->version = LTTNG_ADDONS_ABI_VERSION;
	map->digest = addon->digest;
	map->cpus = nr_cpu_ids;
	map->hooks = addon->hook_count;
	map->aggregates = addon->aggregate_count;
	map->tables_offset = sizeof(*map);
	map->cpus_offset = PAGE_ALIGN(sizeof(*map) + tables_size);
	map->hits_offset = reserve(&end, map->hooks * sizeof(struct lttng_addons_hits), 8);
	for (i = 0; i < addon->aggregate_count; i++)
		lay_out_table(&tables[i], &end, addon->aggregates[i]);
	if (addon->records) {
		map->records = addon->records;
		map->record_size = addon->record_size;
		map->ring_offset = reserve(&end, sizeof(struct lttng_addons_ring) +
					   (u64)addon->records * addon->record_size,
					   SMP_CACHE_BYTES);
	}
	map->cpu_size = PAGE_ALIGN(max_t(u64, end, 1));
	map->size = map->cpus_offset + map->cpus * map->cpu_size;
	return end > U32_MAX ? -E2BIG : 0;
}

static void wake_readers(struct irq_work *work)
{
	wake_up_interruptible(&container_of(work, struct lttng_addon, wake)->wait);
}

static void give_cpus_their_memory(struct lttng_addon *addon)
{
	const struct lttng_addons_map *map = addon->map;
	struct lttng_addons_cpu *cpu;
	int number;
	u32 i;

	for_each_possible_cpu(number) {
		cpu = per_cpu_ptr(addon->cpus, number);
		cpu->memory = (void *)map + map->cpus_offset + number * map->cpu_size;
		cpu->hits = cpu->memory + map->hits_offset;
		cpu->ring = map->ring_offset ? cpu->memory + map->ring_offset : NULL;
		for (i = 0; i < addon->aggregate_count; i++)
			cpu->cells[i] = cell_at(cpu, &addon->tables[i], 0);
	}
}

int map_create(struct lttng_addon *addon)
{
	struct lttng_addons_table *tables;
	struct lttng_addons_map map = {};

	tables = kcalloc(addon->aggregate_count, sizeof(*tables), GFP_KERNEL);
	if (!tables)
		return -ENOMEM;
	if (lay_out(&map, tables, addon)) {
		kfree(tables);
		return -E2BIG;
	}
	addon->seed = get_random_u64();
	addon->map = vmalloc_user(map.size);
	addon->cpus = __alloc_percpu(struct_size(addon->cpus, cells, addon->aggregate_count),
				     __alignof__(*addon->cpus));
	/* What is mapped is for reading there: probes go by their own copy. */
	addon->tables = tables;
	if (!addon->map || !addon->cpus) {
		map_destroy(addon);
		return -ENOMEM;
	}
	*addon->map = map;
	memcpy((void *)addon->map + map.tables_offset, tables,
	       addon->aggregate_count * sizeof(*tables));
	give_cpus_their_memory(addon);
	init_waitqueue_head(&addon->wait);
	init_irq_work(&addon->wake, wake_readers);
	return 0;
}

void map_destroy(struct lttng_addon *addon)
{
	free_percpu(addon->cpus);
	vfree(addon->map);
	kfree(addon->tables);
	addon->cpus = NULL;
	addon->map = NULL;
	addon->tables = NULL;
}
