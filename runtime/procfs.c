// SPDX-License-Identifier: GPL-2.0-only
/* /proc/lttng-addons: what was collected, to be read by people. */
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "lttng-addons-cell.h"
#include "lttng-addons-span.h"
#include "runtime.h"

static struct proc_dir_entry *folder;

int procfs_init(void)
{
	folder = proc_mkdir_mode("lttng-addons", 0500, NULL);
	return folder ? 0 : -ENOMEM;
}

void procfs_exit(void)
{
	proc_remove(folder);
}

static void show_hits(struct seq_file *file, struct lttng_addon *addon)
{
	struct lttng_addons_hits hits;
	u32 i;

	seq_printf(file, "\n%-32s %15s %15s %15s %15s\n", "hook", "seen", "passed",
		   "recorded", "lost");
	for (i = 0; i < addon->hook_count; i++) {
		hits_sum(addon, i, &hits);
		seq_printf(file, "%-32s %15llu %15llu %15llu %15llu\n",
			   addon->hooks[i].name, hits.seen, hits.passed,
			   hits.recorded, hits.lost);
	}
}

static void show_spans(struct seq_file *file, struct lttng_addon *addon)
{
	struct lttng_addons_span_counts sum;
	u64 open;
	u32 i;

	seq_printf(file, "\n%-20s %12s %12s %12s %12s %12s %12s %12s\n", "span", "begun",
		   "ended", "dropped", "timed out", "restarted", "open", "no room");
	for (i = 0; i < addon->span_count; i++) {
		span_sum(addon->spans[i], &sum, &open);
		seq_printf(file, "%-20s %12llu %12llu %12llu %12llu %12llu %12llu %12llu\n",
			   addon->spans[i]->name, sum.begun, sum.ended, sum.dropped,
			   sum.timed_out, sum.restarted, open, sum.no_room);
	}
}

/* Of 128 bits: 39 digits at most. */
static void show_number(struct seq_file *file, struct wide number, bool is_signed)
{
	bool is_negative = is_signed && (s64)number.high < 0;
	char text[48], *begin = &text[sizeof(text) - 1];
	u64 digit;

	if (is_negative)
		number = wide_negate(number);
	*begin = '\0';
	do {
		number = wide_divide(number, 10, &digit);
		*--begin = '0' + digit;
	} while (number.low || number.high);
	if (is_negative)
		*--begin = '-';
	seq_printf(file, " %19s", begin);
}

static void show_columns(struct seq_file *file,
			 const struct lttng_addons_aggregate *aggregate,
			 struct lttng_addons_cell *cell)
{
	const struct lttng_addons_kind *kind = aggregate->kind;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kind->columns) && kind->columns[i]; i++)
		show_number(file, kind->columns[i]->value(aggregate, cell), aggregate->is_signed);
	seq_putc(file, '\n');
}

static int compare_counts(const void *a, const void *b)
{
	const struct lttng_addons_cell *left = a, *right = b;

	return left->count < right->count ? 1 : left->count > right->count ? -1 : 0;
}

static int compare_sums(const void *a, const void *b)
{
	const struct lttng_addons_cell *left = a, *right = b;

	return left->sum < right->sum ? 1 : left->sum > right->sum ? -1 : 0;
}

static int compare_slices(const void *a, const void *b)
{
	const u64 left = *(const u64 *)lttng_addons_cell_key((void *)a);
	const u64 right = *(const u64 *)lttng_addons_cell_key((void *)b);

	return left < right ? -1 : left > right ? 1 : compare_counts(a, b);
}

/* A series by its time, the heaviest keys of a `top`, else the most frequent keys first. */
static cmp_func_t order_of(const struct lttng_addons_aggregate *aggregate)
{
	if (aggregate->slices)
		return compare_slices;
	return aggregate->kind->gives_way ? compare_sums : compare_counts;
}

static void show_heading(struct seq_file *file,
			 const struct lttng_addons_aggregate *aggregate)
{
	const struct lttng_addons_kind *kind = aggregate->kind;
	u32 i;

	seq_printf(file, "\n%s: %s\n", aggregate->name, aggregate->about);
	/* The line above says what a single column is. */
	if (!kind->columns[1])
		return;
	seq_printf(file, "  %-*s", 31 * max(aggregate->key_parts, 1U) - 1, "");
	for (i = 0; i < ARRAY_SIZE(kind->columns) && kind->columns[i]; i++)
		seq_printf(file, " %19s", kind->columns[i]->heading);
	seq_putc(file, '\n');
}

static void show_overflow(struct seq_file *file,
			  const struct lttng_addons_aggregate *aggregate,
			  const struct merged *merged)
{
	if (!merged->overflow)
		return;
	if (aggregate->kind->gives_way)
		seq_printf(file, "  keys gave way to others %llu times: each may have up to %llu more\n",
			   merged->overflow, merged->unsure);
	else
		seq_printf(file, "  %llu values were dropped: the table of keys was full (raise keys)\n",
			   merged->overflow);
}

static int show_aggregate(struct seq_file *file, struct lttng_addon *addon, u32 index)
{
	const struct lttng_addons_aggregate *aggregate = addon->aggregates[index];
	const struct lttng_addons_table *table = &addon->tables[index];
	struct merged merged;
	u32 i, shown;
	int ret;

	ret = aggregate_merge(addon, index, &merged);
	if (ret)
		return ret;
	sort(merged.data, merged.cells, table->cell_size, order_of(aggregate), NULL);
	shown = aggregate->kind->gives_way ? min(merged.cells, aggregate->keys) : merged.cells;
	show_heading(file, aggregate);
	for (i = 0; i < shown; i++) {
		void *cell = merged.data + (size_t)i * table->cell_size;

		key_show(file, aggregate, lttng_addons_cell_key(cell));
		show_columns(file, aggregate, cell);
		if (aggregate->kind->show)
			aggregate->kind->show(file, aggregate,
					      lttng_addons_cell_words(aggregate, cell));
	}
	show_overflow(file, aggregate, &merged);
	aggregate_free(&merged);
	return 0;
}

static int show_addon(struct seq_file *file, void *unused)
{
	struct lttng_addon *addon = file->private;
	u32 i;
	int ret;

	seq_printf(file, "%s: %s\ncollecting: %s\n", addon->name, addon->about,
		   READ_ONCE(addon->users) ? "yes" : "no");
	if (addon->hook_count)
		show_hits(file, addon);
	if (addon->span_count)
		show_spans(file, addon);
	entries_show(file, addon);
	for (i = 0; i < addon->aggregate_count; i++) {
		ret = show_aggregate(file, addon, i);
		if (ret)
			return ret;
	}
	return 0;
}

static int open_addon(struct inode *inode, struct file *file)
{
	return single_open(file, show_addon, pde_data(inode));
}

static const struct proc_ops addon_operations = {
	.proc_open = open_addon,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int show_own(struct seq_file *file, void *unused)
{
	const struct lttng_addons_proc *own = file->private;

	own->show(file);
	return 0;
}

static int open_own(struct inode *inode, struct file *file)
{
	return single_open(file, show_own, pde_data(inode));
}

static const struct proc_ops own_operations = {
	.proc_open = open_own,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

/* A file of the addon's own is NAME.FILE: no addon has a dot in its name. */
static struct proc_dir_entry *create_own(const struct lttng_addon *addon,
					 struct lttng_addons_proc *own)
{
	struct proc_dir_entry *entry;
	char *name;

	name = kasprintf(GFP_KERNEL, "%s.%s", addon->name, own->name);
	if (!name)
		return NULL;
	entry = proc_create_data(name, 0400, folder, &own_operations, own);
	kfree(name);
	return entry;
}

int procfs_create(struct lttng_addon *addon)
{
	u32 i;

	if (addon->has_proc) {
		addon->proc = proc_create_data(addon->name, 0400, folder,
					       &addon_operations, addon);
		if (!addon->proc)
			return -ENOMEM;
	}
	for (i = 0; i < addon->proc_file_count; i++) {
		addon->proc_files[i].entry = create_own(addon, &addon->proc_files[i]);
		if (!addon->proc_files[i].entry) {
			procfs_destroy(addon);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Waits for those that are reading; no process can begin to. */
void procfs_destroy(struct lttng_addon *addon)
{
	u32 i;

	for (i = 0; i < addon->proc_file_count; i++)
		proc_remove(addon->proc_files[i].entry);
	proc_remove(addon->proc);
}
