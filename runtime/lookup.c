// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables that user space writes: their memory, the commands that change and
 * read them, and what /proc shows. lttng-addons-lookup.h has how probes read.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "lttng-addons-lookup.h"
#include "runtime.h"

/* A key as the table has it, or an entry as user space does. */
struct entry_key {
	u64 words[LTTNG_ADDONS_TEXT_KEY_SIZE / sizeof(u64)];
};

struct user_entry {
	u8 bytes[LTTNG_ADDONS_TEXT_KEY_SIZE + sizeof(u64)] __aligned(8);
};

/* Where a key is. */
struct found {
	struct lttng_addons_lookup_group *group;
	struct lttng_addons_lookup_cell *cell;
	int way;
};

static u32 key_size(const struct lttng_addons_lookup *table)
{
	return ALIGN(table->key.is_text ? table->key.size : sizeof(u64), sizeof(u64));
}

static u64 read_number(const struct lttng_addons_type *type, const void *from)
{
	u64 number = type->size == 1 ? *(const u8 *)from :
		     type->size == 2 ? *(const u16 *)from :
		     type->size == 4 ? *(const u32 *)from : *(const u64 *)from;

	return type->is_signed ? sign_extend64(number, 8 * type->size - 1) : number;
}

static void write_number(const struct lttng_addons_type *type, void *to, u64 number)
{
	switch (type->size) {
	case 1:
		*(u8 *)to = number;
		break;
	case 2:
		*(u16 *)to = number;
		break;
	case 4:
		*(u32 *)to = number;
		break;
	default:
		*(u64 *)to = number;
	}
}

/* The key of an entry; of a text nothing counts behind its NUL. */
static struct entry_key key_of(const struct lttng_addons_lookup *table, const struct user_entry *entry)
{
	struct entry_key key = {};

	if (table->key.is_text)
		memcpy(key.words, entry->bytes,
		       strnlen((const char *)entry->bytes, table->key.size));
	else
		key.words[0] = read_number(&table->key, entry->bytes);
	return key;
}

static void fill_entry(const struct lttng_addons_lookup *table, void *entry,
		       const struct lttng_addons_lookup_cell *cell)
{
	if (table->key.is_text)
		memcpy(entry, cell->key, table->key.size);
	else
		write_number(&table->key, entry, cell->key[0]);
	write_number(&table->value, entry + table->value_offset, cell->value);
}

static u8 tag_at(const struct lttng_addons_lookup_group *group, unsigned int way)
{
	return group->tags >> 8 * way;
}

/* Readers who see the tag see the key and the value, too; pairs with lookup_way(). */
static void set_tag(struct lttng_addons_lookup_group *group, unsigned int way, u8 tag)
{
	u64 others = group->tags & ~(0xffULL << 8 * way);

	smp_store_release(&group->tags, others | (u64)tag << 8 * way);
}

static unsigned int used_ways(const struct lttng_addons_lookup_group *group)
{
	unsigned int way, used = 0;

	for (way = 0; way < LTTNG_ADDONS_LOOKUP_WAYS; way++)
		used += !!tag_at(group, way);
	return used;
}

static bool find(const struct lttng_addons_lookup *table,
		 const struct lttng_addons_lookup_place *place, const struct entry_key *key,
		 struct found *found)
{
	unsigned int i;

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
	       const struct lttng_addons_lookup_place *place, const struct entry_key *key, u64 value)
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

static int set(struct lttng_addons_lookup *table, const struct entry_key *key, struct user_entry *entry)
{
	struct lttng_addons_lookup_place place =
		lttng_addons_lookup_place(table->groups, key->words, key_size(table));
	u64 value = read_number(&table->value, entry->bytes + table->value_offset);
	struct found found;

	if (!find(table, &place, key, &found))
		return add(table, &place, key, value);
	WRITE_ONCE(found.cell->value, value);
	return 0;
}

static int get(struct lttng_addons_lookup *table, const struct entry_key *key, struct user_entry *entry)
{
	struct lttng_addons_lookup_place place =
		lttng_addons_lookup_place(table->groups, key->words, key_size(table));
	struct found found;

	if (!find(table, &place, key, &found))
		return -ENOENT;
	fill_entry(table, entry->bytes, found.cell);
	return 0;
}

static int delete(struct lttng_addons_lookup *table, const struct entry_key *key, struct user_entry *entry)
{
	struct lttng_addons_lookup_place place =
		lttng_addons_lookup_place(table->groups, key->words, key_size(table));
	struct found found;

	if (!find(table, &place, key, &found))
		return -ENOENT;
	set_tag(found.group, found.way, 0);
	found.cell->gone = get_state_synchronize_rcu();
	table->used--;
	return 0;
}

static struct lttng_addons_lookup *table_at(struct lttng_addon *addon, u32 index)
{
	return index < addon->lookup_count ? addon->lookups[index] : NULL;
}

/* Do something with the entry that user space points to, one process at a time. */
static int with_entry(struct lttng_addon *addon, const struct lttng_addons_entry *argument,
		      int (*serve)(struct lttng_addons_lookup *table, const struct entry_key *key,
				   struct user_entry *entry))
{
	struct lttng_addons_lookup *table = table_at(addon, argument->table);
	void __user *user = u64_to_user_ptr(argument->entry);
	struct user_entry entry = {};
	struct entry_key key;
	int ret;

	if (!table || argument->reserved)
		return -EINVAL;
	if (copy_from_user(&entry, user, table->entry_size))
		return -EFAULT;
	key = key_of(table, &entry);
	ret = mutex_lock_interruptible(&table->lock);
	if (ret)
		return ret;
	ret = serve(table, &key, &entry);
	mutex_unlock(&table->lock);
	if (!ret && serve == get && copy_to_user(user, &entry, table->entry_size))
		return -EFAULT;
	return ret;
}

int lookup_set(struct lttng_addon *addon, void *argument)
{
	return with_entry(addon, argument, set);
}

int lookup_get(struct lttng_addon *addon, void *argument)
{
	return with_entry(addon, argument, get);
}

int lookup_delete(struct lttng_addon *addon, void *argument)
{
	return with_entry(addon, argument, delete);
}

/* The next cell that has a key, from number `at` on; NULL behind the last one. */
static struct lttng_addons_lookup_cell *next_cell(const struct lttng_addons_lookup *table,
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

int lookup_read(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_read_entries *read = argument;
	struct lttng_addons_lookup *table = table_at(addon, read->table);
	struct lttng_addons_lookup_cell *cell;
	void *entries = NULL;
	u32 at = 0, used;
	int ret;

	if (!table)
		return -EINVAL;
	ret = mutex_lock_interruptible(&table->lock);
	if (ret)
		return ret;
	used = table->used;
	if (used > read->entries)
		ret = -ENOSPC;
	else
		entries = kvcalloc(max(used, 1U), table->entry_size, GFP_KERNEL);
	for (used = 0; entries && (cell = next_cell(table, &at)); used++)
		fill_entry(table, entries + (size_t)used * table->entry_size, cell);
	mutex_unlock(&table->lock);
	if (!ret && !entries)
		ret = -ENOMEM;
	if (!ret && copy_to_user(u64_to_user_ptr(read->buffer), entries,
				 (size_t)used * table->entry_size))
		ret = -EFAULT;
	kvfree(entries);
	read->entries = used;
	return ret;
}

static void show_number(struct seq_file *file, const struct lttng_addons_type *type, u64 number)
{
	seq_printf(file, type->is_signed ? "%lld" : "%llu", number);
}

static void show_table(struct seq_file *file, struct lttng_addons_lookup *table)
{
	struct lttng_addons_lookup_cell *cell;
	u32 at = 0;

	mutex_lock(&table->lock);
	seq_printf(file, "\n%s: %s to %s, %u of %u entries\n", table->name, table->key.name,
		   table->value.name, table->used, table->entries);
	while ((cell = next_cell(table, &at))) {
		if (table->key.is_text) {
			procfs_show_text(file, (const char *)cell->key, table->key.size);
		} else {
			seq_puts(file, "  ");
			show_number(file, &table->key, cell->key[0]);
		}
		seq_putc(file, ' ');
		show_number(file, &table->value, cell->value);
		seq_putc(file, '\n');
	}
	mutex_unlock(&table->lock);
}

void lookups_show(struct seq_file *file, struct lttng_addon *addon)
{
	u32 i;

	for (i = 0; i < addon->lookup_count; i++)
		show_table(file, addon->lookups[i]);
}

static int create(struct lttng_addons_lookup *table)
{
	/* Twice as many cells as keys: with two groups a key then has a place. */
	u32 cells = 2 * table->entries, i;
	u32 bits = max(order_base_2(DIV_ROUND_UP(cells, LTTNG_ADDONS_LOOKUP_WAYS)), 1);
	u32 cell_size = sizeof(struct lttng_addons_lookup_cell) + key_size(table);
	u32 group_size = sizeof(struct lttng_addons_lookup_group) +
		LTTNG_ADDONS_LOOKUP_WAYS * cell_size;
	struct lttng_addons_lookup_groups *groups;

	groups = vzalloc(sizeof(*groups) + array_size(1U << bits, group_size));
	if (!groups)
		return -ENOMEM;
	groups->seed = get_random_u64();
	groups->bits = bits;
	groups->group_size = group_size;
	groups->cell_size = cell_size;
	for (i = 0; i < LTTNG_ADDONS_LOOKUP_WAYS << bits; i++)
		lttng_addons_lookup_cell(groups,
			lttng_addons_lookup_group(groups, i / LTTNG_ADDONS_LOOKUP_WAYS),
			i % LTTNG_ADDONS_LOOKUP_WAYS)->gone = get_completed_synchronize_rcu();
	mutex_init(&table->lock);
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
