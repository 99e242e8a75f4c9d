// SPDX-License-Identifier: GPL-2.0-only
/* A table's entries as user space has them: its commands, and what /proc shows. */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "lookup.h"
#include "runtime.h"

/* The largest struct NAME_TABLE_entry: a key and behind it a value. */
struct entry {
	u8 bytes[LTTNG_ADDONS_TEXT_KEY_SIZE + sizeof(u64)] __aligned(8);
};

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
static struct lookup_key key_of(const struct lttng_addons_lookup *table,
				const struct entry *entry)
{
	struct lookup_key key = {};

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

static struct lttng_addons_lookup *table_at(struct lttng_addon *addon, u32 index)
{
	return index < addon->lookup_count ? addon->lookups[index] : NULL;
}

/* Serve a command about the entry that user space points to, one process at a time. */
static int with_entry(struct lttng_addon *addon, const struct lttng_addons_entry *argument,
		      int (*serve)(struct lttng_addons_lookup *table, struct entry *entry),
		      struct entry *entry)
{
	struct lttng_addons_lookup *table = table_at(addon, argument->table);
	int ret;

	if (!table || argument->reserved)
		return -EINVAL;
	if (copy_from_user(entry, u64_to_user_ptr(argument->entry), table->entry_size))
		return -EFAULT;
	ret = mutex_lock_interruptible(&table->lock);
	if (ret)
		return ret;
	ret = serve(table, entry);
	mutex_unlock(&table->lock);
	return ret;
}

static int set(struct lttng_addons_lookup *table, struct entry *entry)
{
	struct lookup_key key = key_of(table, entry);

	return lookup_set(table, &key,
			  read_number(&table->value, entry->bytes + table->value_offset));
}

static int get(struct lttng_addons_lookup *table, struct entry *entry)
{
	struct lookup_key key = key_of(table, entry);
	u64 value;
	int ret = lookup_get(table, &key, &value);

	if (!ret)
		write_number(&table->value, entry->bytes + table->value_offset, value);
	return ret;
}

static int delete(struct lttng_addons_lookup *table, struct entry *entry)
{
	struct lookup_key key = key_of(table, entry);

	return lookup_delete(table, &key);
}

int entry_set(struct lttng_addon *addon, void *argument)
{
	struct entry entry = {};

	return with_entry(addon, argument, set, &entry);
}

int entry_get(struct lttng_addon *addon, void *argument)
{
	const struct lttng_addons_entry *wanted = argument;
	struct entry entry = {};
	int ret = with_entry(addon, wanted, get, &entry);

	if (!ret && copy_to_user(u64_to_user_ptr(wanted->entry), &entry,
				 addon->lookups[wanted->table]->entry_size))
		ret = -EFAULT;
	return ret;
}

int entry_delete(struct lttng_addon *addon, void *argument)
{
	struct entry entry = {};

	return with_entry(addon, argument, delete, &entry);
}

/* All entries as user space has them; -ENOSPC if there is no room for them. */
static void *copy_entries(const struct lttng_addons_lookup *table, u32 room)
{
	struct lttng_addons_lookup_cell *cell;
	void *entries, *next;
	u32 at = 0;

	if (table->used > room)
		return ERR_PTR(-ENOSPC);
	entries = kvcalloc(max(table->used, 1U), table->entry_size, GFP_KERNEL);
	if (!entries)
		return ERR_PTR(-ENOMEM);
	for (next = entries; (cell = lookup_next(table, &at)); next += table->entry_size)
		fill_entry(table, next, cell);
	return entries;
}

int entries_read(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_read_entries *read = argument;
	struct lttng_addons_lookup *table = table_at(addon, read->table);
	void *entries;
	int ret;

	if (!table)
		return -EINVAL;
	ret = mutex_lock_interruptible(&table->lock);
	if (ret)
		return ret;
	entries = copy_entries(table, read->entries);
	read->entries = table->used;
	mutex_unlock(&table->lock);
	if (IS_ERR(entries))
		return PTR_ERR(entries);
	if (copy_to_user(u64_to_user_ptr(read->buffer), entries,
			 (size_t)read->entries * table->entry_size))
		ret = -EFAULT;
	kvfree(entries);
	return ret;
}

static void show_number(struct seq_file *file, const struct lttng_addons_type *type,
			u64 number)
{
	seq_printf(file, type->is_signed ? " %lld" : " %llu", number);
}

static void show_table(struct seq_file *file, struct lttng_addons_lookup *table)
{
	struct lttng_addons_lookup_cell *cell;
	u32 at = 0;

	mutex_lock(&table->lock);
	seq_printf(file, "\n%s: %s to %s, %u of %u entries\n", table->name, table->key.name,
		   table->value.name, table->used, table->entries);
	while ((cell = lookup_next(table, &at))) {
		if (table->key.is_text) {
			procfs_show_text(file, (const char *)cell->key, table->key.size);
		} else {
			seq_putc(file, ' ');
			show_number(file, &table->key, cell->key[0]);
		}
		show_number(file, &table->value, cell->value);
		seq_putc(file, '\n');
	}
	mutex_unlock(&table->lock);
}

void entries_show(struct seq_file *file, struct lttng_addon *addon)
{
	u32 i;

	for (i = 0; i < addon->lookup_count; i++)
		show_table(file, addon->lookups[i]);
}
