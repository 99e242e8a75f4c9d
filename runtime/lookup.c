// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables that user space writes: their memory, and how writers change it while
 * probes read, as lttng-addons-lookup.h has it.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/vmalloc.h>

#include "lookup.h"
#include "runtime.h"

/* Where a key may be, and where it is. */
struct found {
	struct lttng_addons_lookup_place place;
	struct lttng_addons_lookup_group *group;
	struct lttng_addons_lookup_cell *cell;
	int way;
};

static u32 key_size(const struct lttng_addons_lookup *table)
{
	return table->key.is_text ? ALIGN(table->key.size, sizeof(u64)) : sizeof(u64);
}

static u8 tag_at(const struct lttng_addons_lookup_group *group, unsigned int way)
{
	return group->tags >> 8 * way;
}

static void set_tag(struct lttng_addons_lookup_group *group, unsigned int way, u8 tag)
{
	u64 others = group->tags & ~(0xffULL << 8 * way);

	/* Readers who see it see the key and the value; pairs with lookup_way(). */
	smp_store_release(&group->tags, others | (u64)tag << 8 * way);
}

static unsigned int used_ways(const struct lttng_addons_lookup_group *group)
{
	unsigned int way, used = 0;

	for (way = 0; way < LTTNG_ADDONS_LOOKUP_WAYS; way++)
		used += !!tag_at(group, way);
	return used;
}

/* Whether a key is there; if it is not, only its place is filled in. */
static bool find(const struct lttng_addons_lookup *table, const struct lookup_key *key,
		 struct found *found)
{
	const struct lttng_addons_lookup_place *place = &found->place;
	unsigned int i;

	found->place = lttng_addons_lookup_place(table->groups, key->words, key_size(table));
	for (i = 0; i < ARRAY_SIZE(place->groups); i++) {
		found->group = place->groups[i];
		found->way = lttng_addons_lookup_way(table->groups, found->group, place->tag,
						     key->words, key_size(table));
		if (found->way < 0)
			continue;
		found->cell = lttng_addons_lookup_cell(table->groups, found->group, found->way);
		return true;
	}
	return false;
}

/* A free cell, if there is one that no reader can still look at; -1: none is free. */
static int free_way(const struct lttng_addons_lookup *table,
		    struct lttng_addons_lookup_group *group)
{
	struct lttng_addons_lookup_cell *cell;
	unsigned int way;
	int free = -1;

	for (way = 0; way < LTTNG_ADDONS_LOOKUP_WAYS; way++) {
		if (tag_at(group, way))
			continue;
		free = way;
		cell = lttng_addons_lookup_cell(table->groups, group, way);
		if (poll_state_synchronize_rcu(cell->gone))
			break;
	}
	return free;
}

/* A new key goes where more cells are free, so that few groups are full. */
static int add(struct lttng_addons_lookup *table,
	       const struct lttng_addons_lookup_place *place, const struct lookup_key *key,
	       u64 value)
{
	bool second = used_ways(place->groups[1]) < used_ways(place->groups[0]);
	struct lttng_addons_lookup_group *group = place->groups[second];
	struct lttng_addons_lookup_cell *cell;
	int way = free_way(table, group);

	if (table->used == table->entries || way < 0)
		return -ENOSPC;
	cell = lttng_addons_lookup_cell(table->groups, group, way);
	cond_synchronize_rcu(cell->gone);
	memcpy(cell->key, key->words, key_size(table));
	cell->value = value;
	set_tag(group, way, place->tag);
	table->used++;
	return 0;
}

/* Return: 0, or -ENOSPC if there are as many keys as may be. */
int lookup_set(struct lttng_addons_lookup *table, const struct lookup_key *key, u64 value)
{
	struct found found;

	if (!find(table, key, &found))
		return add(table, &found.place, key, value);
	WRITE_ONCE(found.cell->value, value);
	return 0;
}

/* Return: 0, or -ENOENT if there is no such key. */
int lookup_get(const struct lttng_addons_lookup *table, const struct lookup_key *key,
	       u64 *value)
{
	struct found found;

	if (!find(table, key, &found))
		return -ENOENT;
	*value = found.cell->value;
	return 0;
}

/* Return: 0, or -ENOENT if there is no such key. */
int lookup_delete(struct lttng_addons_lookup *table, const struct lookup_key *key)
{
	struct found found;

	if (!find(table, key, &found))
		return -ENOENT;
	set_tag(found.group, found.way, 0);
	/* Readers that began before may see it still. */
	found.cell->gone = get_state_synchronize_rcu();
	table->used--;
	return 0;
}

/* The next cell that has a key, from number `at` on; NULL behind the last one. */
struct lttng_addons_lookup_cell *lookup_next(const struct lttng_addons_lookup *table,
					     u32 *at)
{
	const u32 end = LTTNG_ADDONS_LOOKUP_WAYS << table->groups->bits;
	struct lttng_addons_lookup_group *group;
	unsigned int way;

	while (*at < end) {
		group = lttng_addons_lookup_group(table->groups, *at / LTTNG_ADDONS_LOOKUP_WAYS);
		way = (*at)++ % LTTNG_ADDONS_LOOKUP_WAYS;
		if (tag_at(group, way))
			return lttng_addons_lookup_cell(table->groups, group, way);
	}
	return NULL;
}

static void init_group(const struct lttng_addons_lookup_groups *groups,
		       struct lttng_addons_lookup_group *group)
{
	unsigned int way;

	for (way = 0; way < LTTNG_ADDONS_LOOKUP_WAYS; way++)
		lttng_addons_lookup_cell(groups, group, way)->gone =
			get_completed_synchronize_rcu();
}

static int create(struct lttng_addons_lookup *table)
{
	/* Twice as many cells as keys: with two groups a key then has a place. */
	u32 wanted = DIV_ROUND_UP(2 * table->entries, LTTNG_ADDONS_LOOKUP_WAYS);
	u32 bits = max_t(u32, order_base_2(wanted), 1);
	u32 cell_size = sizeof(struct lttng_addons_lookup_cell) + key_size(table);
	u32 group_size = sizeof(struct lttng_addons_lookup_group) +
		LTTNG_ADDONS_LOOKUP_WAYS * cell_size;
	struct lttng_addons_lookup_groups *groups;
	u32 i;

	groups = vzalloc(sizeof(*groups) + array_size(1U << bits, group_size));
	if (!groups)
		return -ENOMEM;
	groups->seed = get_random_u64();
	groups->bits = bits;
	groups->group_size = group_size;
	groups->cell_size = cell_size;
	for (i = 0; i < 1U << bits; i++)
		init_group(groups, lttng_addons_lookup_group(groups, i));
	mutex_init(&table->lock);
	/* Probes that are tried out may read already; pairs with lookup_find(). */
	smp_store_release(&table->groups, groups);
	return 0;
}

/* Called when no probe is left. */
void lookups_destroy(struct lttng_addon *addon)
{
	u32 i;

	for (i = 0; i < addon->lookup_count; i++) {
		vfree(addon->lookups[i]->groups);
		addon->lookups[i]->groups = NULL;
	}
}

int lookups_create(struct lttng_addon *addon)
{
	u32 i;
	int ret;

	for (i = 0; i < addon->lookup_count; i++) {
		ret = create(addon->lookups[i]);
		if (ret) {
			lookups_destroy(addon);
			return ret;
		}
	}
	return 0;
}
