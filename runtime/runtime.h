/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of lttng-addons.ko have for one another. */
#ifndef LTTNG_ADDONS_RUNTIME_H
#define LTTNG_ADDONS_RUNTIME_H

#include "lttng-addons.h"

/* An aggregate's cells of all CPUs, one a key. */
struct merged {
	u32 cells;
	u64 overflow;
	void *data;
};

/* share.c: the memory that can be mapped */
int share_create(struct lttng_addon *addon);
void share_destroy(struct lttng_addon *addon);

/* aggregate.c */
int aggregate_merge(struct lttng_addon *addon, u32 index, struct merged *merged);
void aggregate_free(struct merged *merged);
void hits_sum(struct lttng_addon *addon, u32 hook, struct lttng_addons_hits *sum);
void collected_reset(struct lttng_addon *addon);

/* collect.c: who wants an addon to collect */
int hooks_find(struct lttng_addon *addon);
void hooks_forget(struct lttng_addon *addon);
int collect_begin(struct lttng_addon *addon);
void collect_end(struct lttng_addon *addon);
int collect_hold(struct lttng_addon *addon);
void collect_release(struct lttng_addon *addon);

/* device.c */
int node_create(struct lttng_addon *addon);
void node_destroy(struct lttng_addon *addon);

/* procfs.c */
int procfs_init(void);
void procfs_exit(void);
int procfs_create(struct lttng_addon *addon);
void procfs_destroy(struct lttng_addon *addon);

/* The key of a cell, and behind it the buckets. */
static inline void *cell_key(void *cell)
{
	return cell + sizeof(struct lttng_addons_cell);
}

static inline u64 *cell_buckets(void *cell, const struct lttng_addons_table *table)
{
	return cell_key(cell) + ALIGN(table->key_size, 8);
}

#endif /* LTTNG_ADDONS_RUNTIME_H */
