/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of lttng-addons.ko have for one another. */
#ifndef LTTNG_ADDONS_RUNTIME_H
#define LTTNG_ADDONS_RUNTIME_H

#include "lttng-addons.h"
#include "wide.h"

/* An aggregate's cells of all CPUs, one a key. */
struct merged {
	u32 cells;
	u64 overflow;
	void *data;
};

/*
 * A table with keys is groups of cells, filled from their begin. It has twice
 * as many cells as keys: with two groups a key then has a place (aggregate.c).
 */
#define GROUP_CELLS	8

/* One of the numbers that people see of a cell. */
struct column {
	const char *heading;
	struct wide (*value)(const struct lttng_addons_aggregate *aggregate,
			     const struct lttng_addons_cell *cell);
};

/* What is particular to a kind of aggregate. */
struct lttng_addons_kind {
	const struct column *columns[4];
};

/**
 * LTTNG_ADDONS_DEFINE_KIND() - Define a kind of aggregate, in kind-NAME.c
 * @name: as there
 * @...: what people see of a cell, as pointers to columns
 */
#define LTTNG_ADDONS_DEFINE_KIND(name, ...)				\
	LTTNG_ADDONS_DECLARE_KIND(name);				\
	const struct lttng_addons_kind LTTNG_ADDONS_KIND(name) = {	\
		.columns = { __VA_ARGS__ },				\
	};								\
	EXPORT_SYMBOL_GPL(lttng_addons_kind_##name)

/* map.c: the memory that can be mapped */
int map_create(struct lttng_addon *addon);
void map_destroy(struct lttng_addon *addon);

/* mapped.c: parameters that can be mapped */
int mapped_create(struct lttng_addon *addon);
void mapped_destroy(struct lttng_addon *addon);
int mapped_map(struct lttng_addon *addon, struct vm_area_struct *vma);

/* column.c */
extern const struct column count_column, sum_column, min_column, max_column, mean_column;

/* histogram.c */
void histogram_show(struct seq_file *file,
		    const struct lttng_addons_aggregate *aggregate, const u64 *buckets);

/* aggregate.c */
void collected_reset(struct lttng_addon *addon);

/* read.c */
int aggregate_merge(struct lttng_addon *addon, u32 index, struct merged *merged);
void aggregate_free(struct merged *merged);
void hits_sum(struct lttng_addon *addon, u32 hook, struct lttng_addons_hits *sum);

/* collect.c: who wants an addon to collect */
int hooks_find(struct lttng_addon *addon);
void hooks_forget(struct lttng_addon *addon);
int hooks_attach(struct lttng_addon *addon, const struct lttng_addons_span *span);
void hooks_detach(struct lttng_addon *addon, const struct lttng_addons_span *span);
int collect_begin(struct lttng_addon *addon);
void collect_end(struct lttng_addon *addon);
int collect_hold(struct lttng_addon *addon);
void collect_release(struct lttng_addon *addon);

/* span.c */
struct lttng_addons_span_counts;
int spans_create(struct lttng_addon *addon);
void spans_settle(struct lttng_addon *addon);
void spans_destroy(struct lttng_addon *addon);
void span_sum(const struct lttng_addons_span *span,
	      struct lttng_addons_span_counts *sum, u64 *open);

/* lookup.c: tables that user space writes */
int lookups_create(struct lttng_addon *addon);
void lookups_destroy(struct lttng_addon *addon);

/* entries.c: those tables as user space has them */
int entry_set(struct lttng_addon *addon, void *argument);
int entry_get(struct lttng_addon *addon, void *argument);
int entry_delete(struct lttng_addon *addon, void *argument);
int entries_read(struct lttng_addon *addon, void *argument);
void entries_show(struct seq_file *file, struct lttng_addon *addon);

/* chardev.c: the file in /dev */
int chardev_create(struct lttng_addon *addon);
void chardev_destroy(struct lttng_addon *addon);

/* commands.c: what ioctl() serves */
bool command_exists(const struct lttng_addon *addon, unsigned int request);
bool command_only_reads(unsigned int request);
int command_serve(struct lttng_addon *addon, unsigned int request, void *argument);

/* procfs.c */
int procfs_init(void);
void procfs_exit(void);
int procfs_create(struct lttng_addon *addon);
void procfs_destroy(struct lttng_addon *addon);
void procfs_show_text(struct seq_file *file, const char *text, u32 size);

#endif /* LTTNG_ADDONS_RUNTIME_H */
