/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables that user space writes and probes read: keys with a number each. A
 * table is groups of LTTNG_ADDONS_LOOKUP_WAYS cells, and a key is in one of two
 * groups, so that no lookup costs more than the cells of two.
 *
 * Readers take no lock and never wait, in interrupts and NMIs too. A value is
 * one word, which changes as a whole. A cell that loses its key gets another one
 * only when the readers that may still look at it are gone (RCU).
 */
#ifndef LTTNG_ADDONS_LOOKUP_H
#define LTTNG_ADDONS_LOOKUP_H

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "lttng-addons-tags.h"
#include "lttng-addons.h"

#define LTTNG_ADDONS_LOOKUP_WAYS	8

/* A key's or a value's type as user space has it: a number or a text. */
struct lttng_addons_type {
	const char *name;
	u32 size;
	bool is_signed;
	bool is_text;
};

struct lttng_addons_lookup_cell {
	u64 value;
	/* Since when it has no key: what get_state_synchronize_rcu() returned. */
	unsigned long gone;
	/* A number, extended to 64 bits, or a text, filled up with NUL. */
	u64 key[];
};

struct lttng_addons_lookup_group {
	/* A byte a cell: some bits of its key's hash; 0: it is free. */
	u64 tags;
	/* Behind it the cells. */
};

struct lttng_addons_lookup_groups {
	u64 seed;			/* nobody can tell where a key goes */
	u32 bits;
	u32 group_size;
	u32 cell_size;
	u32 reserved;
	/* Behind it the groups. */
};

struct lttng_addons_lookup {
	const char *name;
	struct lttng_addons_type key;
	struct lttng_addons_type value;
	u32 entries;
	/* Of an entry as user space has it, which begins with the key. */
	u32 value_offset;
	u32 entry_size;

	/* The runtime's own. */
	struct lttng_addons_lookup_groups *groups;
	struct mutex lock;		/* among writers */
	u32 used;
};

/* Where a key may be: two groups, and its tag there. */
struct lttng_addons_lookup_place {
	struct lttng_addons_lookup_group *groups[2];
	u8 tag;
};

static __always_inline struct lttng_addons_lookup_group *
lttng_addons_lookup_group(struct lttng_addons_lookup_groups *groups, u32 index)
{
	return (void *)(groups + 1) + (size_t)index * groups->group_size;
}

static __always_inline struct lttng_addons_lookup_cell *
lttng_addons_lookup_cell(const struct lttng_addons_lookup_groups *groups,
			 struct lttng_addons_lookup_group *group, unsigned int way)
{
	return (void *)(group + 1) + way * groups->cell_size;
}

static __always_inline struct lttng_addons_lookup_place
lttng_addons_lookup_place(struct lttng_addons_lookup_groups *groups, const u64 *key,
			  size_t key_size)
{
	u64 bits = groups->bits, hash;
	u32 one, other;

	if (key_size == sizeof(u64))
		hash = (key[0] ^ groups->seed) * GOLDEN_RATIO_64;
	else
		hash = jhash2((const u32 *)key, key_size / sizeof(u32), groups->seed) *
			GOLDEN_RATIO_64;
	one = hash >> (64 - bits);
	other = hash >> (64 - 2 * bits) & ((1U << bits) - 1);
	other ^= other == one;
	return (struct lttng_addons_lookup_place){
		.groups = {
			lttng_addons_lookup_group(groups, one),
			lttng_addons_lookup_group(groups, other),
		},
		/* Never 0, which is a free cell's. */
		.tag = hash >> 24 | 1,
	};
}

/* The way of a key in a group, or -1. */
static __always_inline int
lttng_addons_lookup_way(const struct lttng_addons_lookup_groups *groups,
			struct lttng_addons_lookup_group *group, u8 tag,
			const u64 *key, size_t key_size)
{
	/* The keys of these tags are there; pairs with set_tag() of lookup.c. */
	u64 tags = smp_load_acquire(&group->tags);
	u64 same = lttng_addons_zero_bytes(tags ^ tag * LTTNG_ADDONS_TAG_IN_ALL_BYTES);
	unsigned int way;

	for (; same; same &= same - 1) {
		way = __ffs64(same) / 8;
		if ((u8)(tags >> 8 * way) == tag &&
		    !memcmp(lttng_addons_lookup_cell(groups, group, way)->key, key, key_size))
			return way;
	}
	return -1;
}

/* Find a key. Return: whether it is there; then `value` is its value. */
static __always_inline bool
lttng_addons_lookup_find(const struct lttng_addons_lookup *table, const u64 *key,
			 size_t key_size, u64 *value)
{
	struct lttng_addons_lookup_groups *groups;
	struct lttng_addons_lookup_place place;
	bool found = false;
	unsigned int i;
	int way;

	/* Probes can't be preempted, but what serves a command or a file can. */
	rcu_read_lock_sched_notrace();
	/* A hook that is tried out may be hit before the table has its memory. */
	groups = smp_load_acquire(&table->groups);
	if (unlikely(!groups))
		goto unlock;
	place = lttng_addons_lookup_place(groups, key, key_size);
	for (i = 0; i < ARRAY_SIZE(place.groups) && !found; i++) {
		way = lttng_addons_lookup_way(groups, place.groups[i], place.tag, key, key_size);
		if (way < 0)
			continue;
		*value = READ_ONCE(lttng_addons_lookup_cell(groups, place.groups[i], way)->value);
		found = true;
	}
unlock:
	rcu_read_unlock_sched_notrace();
	return found;
}

/**
 * lttng_addons_has() - Ask whether a number is a key of a table
 * @table: the table, whose keys are numbers
 * @key: the number, extended to 64 bits from the type of the table's keys
 *
 * Context: Any, NMI too.
 */
static __always_inline bool
lttng_addons_has(const struct lttng_addons_lookup *table, u64 key)
{
	u64 value;

	return lttng_addons_lookup_find(table, &key, sizeof(key), &value);
}

/**
 * lttng_addons_get() - Get the value of a key that is a number
 * @table: the table, whose keys are numbers
 * @key: the number, extended to 64 bits from the type of the table's keys
 *
 * Context: Any, NMI too.
 * Return: The value, extended to 64 bits; 0 if there is no such key.
 */
static __always_inline u64
lttng_addons_get(const struct lttng_addons_lookup *table, u64 key)
{
	u64 value;

	return lttng_addons_lookup_find(table, &key, sizeof(key), &value) ? value : 0;
}

/* The same for a text, which is no key if it is longer than those of the table. */
static inline bool
lttng_addons_lookup_find_text(const struct lttng_addons_lookup *table, const char *text,
			      size_t bound, u64 *value)
{
	u64 key[LTTNG_ADDONS_TEXT_KEY_SIZE / sizeof(u64)] = {};
	size_t length = strnlen(text, bound);

	if (length > table->key.size)
		return false;
	/* It may be changing meanwhile, and longer by now. */
	memcpy(key, text, length);
	return lttng_addons_lookup_find(table, key, ALIGN(table->key.size, sizeof(u64)), value);
}

/**
 * lttng_addons_has_text() - Ask whether a text is a key of a table
 * @table: the table, whose keys are texts
 * @text: the text
 * @bound: the text ends with a NUL, or after so many bytes
 *
 * Context: Any, NMI too.
 */
static inline bool
lttng_addons_has_text(const struct lttng_addons_lookup *table, const char *text,
		      size_t bound)
{
	u64 value;

	return lttng_addons_lookup_find_text(table, text, bound, &value);
}

/**
 * lttng_addons_get_text() - Get the value of a key that is a text
 * @table: the table, whose keys are texts
 * @text: the text
 * @bound: the text ends with a NUL, or after so many bytes
 *
 * Context: Any, NMI too.
 * Return: The value, extended to 64 bits; 0 if there is no such key.
 */
static inline u64
lttng_addons_get_text(const struct lttng_addons_lookup *table,
		      const char *text, size_t bound)
{
	u64 value;

	return lttng_addons_lookup_find_text(table, text, bound, &value) ? value : 0;
}

#endif /* LTTNG_ADDONS_LOOKUP_H */
