// SPDX-License-Identifier: GPL-2.0-only
/* /proc/lttng-addons: what was collected, to be read by people. */
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "cell.h"
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

void procfs_show_text(struct seq_file *file, const char *text, u32 size)
{
	u32 i, length = strnlen(text, size);

	seq_putc(file, ' ');
	seq_putc(file, ' ');
	/* Any byte may be in it; a reader's terminal is to be left alone. */
	for (i = 0; i < length; i++) {
		if (text[i] < 0x20 || text[i] > 0x7e)
			seq_printf(file, "\\x%02x", (u8)text[i]);
		else
			seq_putc(file, text[i]);
	}
	for (; i < 30; i++)
		seq_putc(file, ' ');
}

static const char *find_label(const struct lttng_addons_aggregate *aggregate, s64 value)
{
	u32 i;

	for (i = 0; i < aggregate->label_count; i++) {
		if (aggregate->labels[i].value == value)
			return aggregate->labels[i].name;
	}
	return NULL;
}

static void show_key(struct seq_file *file,
		     const struct lttng_addons_aggregate *aggregate, const void *key)
{
	const char *label = aggregate->labels ? find_label(aggregate, *(const s64 *)key) : NULL;

	if (label) {
		seq_printf(file, "  %-30s", label);
		return;
	}
	switch (aggregate->key) {
	case LTTNG_ADDONS_NO_KEY:
		seq_printf(file, "  %-30s", "");
		break;
	case LTTNG_ADDONS_TEXT_KEY:
		procfs_show_text(file, key, aggregate->key_size);
		break;
	case LTTNG_ADDONS_UNSIGNED_KEY:
		seq_printf(file, "  %-30llu", *(const u64 *)key);
		break;
	case LTTNG_ADDONS_SIGNED_KEY:
		seq_printf(file, "  %-30lld", *(const s64 *)key);
		break;
	case LTTNG_ADDONS_POINTER_KEY:
		seq_printf(file, "  0x%-28llx", *(const u64 *)key);
		break;
	case LTTNG_ADDONS_IP4_KEY:
		seq_printf(file, "  %-30pI4", key);
		break;
	case LTTNG_ADDONS_IP6_KEY:
		seq_printf(file, "  %-30pI6c", key);
		break;
	case LTTNG_ADDONS_MAC_KEY:
		seq_printf(file, "  %-30pM", key);
		break;
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
			 const struct lttng_addons_cell *cell)
{
	const struct lttng_addons_kind *kind = aggregate->kind;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kind->columns) && kind->columns[i]; i++)
		show_number(file, kind->columns[i]->value(aggregate, cell), aggregate->is_signed);
	seq_putc(file, '\n');
}

/* The most frequent keys first. */
static int compare_counts(const void *a, const void *b)
{
	const struct lttng_addons_cell *left = a, *right = b;

	return left->count < right->count ? 1 : left->count > right->count ? -1 : 0;
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
	seq_printf(file, "  %-30s", "");
	for (i = 0; i < ARRAY_SIZE(kind->columns) && kind->columns[i]; i++)
		seq_printf(file, " %19s", kind->columns[i]->heading);
	seq_putc(file, '\n');
}

static int show_aggregate(struct seq_file *file, struct lttng_addon *addon, u32 index)
{
	const struct lttng_addons_aggregate *aggregate = &addon->aggregates[index];
	const struct lttng_addons_table *table = &addon->tables[index];
	struct merged merged;
	u32 i;
	int ret;

	ret = aggregate_merge(addon, index, &merged);
	if (ret)
		return ret;
	sort(merged.data, merged.cells, table->cell_size, compare_counts, NULL);
	show_heading(file, aggregate);
	for (i = 0; i < merged.cells; i++) {
		void *cell = merged.data + (size_t)i * table->cell_size;

		show_key(file, aggregate, cell_key(cell));
		show_columns(file, aggregate, cell);
		if (table->buckets)
			histogram_show(file, aggregate, cell_buckets(cell, table));
	}
	if (merged.overflow)
		seq_printf(file, "  %llu values were dropped: the table of keys was full (raise keys)\n",
			   merged.overflow);
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
