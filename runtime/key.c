// SPDX-License-Identifier: GPL-2.0-only
/* What /proc shows of a key. */
#include <linux/math64.h>
#include <linux/time64.h>

#include "runtime.h"

void key_show_text(struct seq_file *file, const char *text, u32 size)
{
	u32 i, length = strnlen(text, size);

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

static const char *find_label(const struct lttng_addons_key *key, s64 value)
{
	u32 i;

	for (i = 0; i < key->label_count; i++) {
		if (key->labels[i].value == value)
			return key->labels[i].name;
	}
	return NULL;
}

/* The code that was called, the innermost first. */
static void show_stack(struct seq_file *file, const u64 *stack, u32 size)
{
	u32 i;

	for (i = 0; i < size / sizeof(*stack) && stack[i]; i++)
		seq_printf(file, "%s%pS", i ? ";" : "", (void *)(unsigned long)stack[i]);
}

/* When a slice of time begins, in seconds since booting. */
static void show_slice(struct seq_file *file, u64 slice_ns, u64 slice)
{
	u64 milliseconds = div_u64(slice * slice_ns, NSEC_PER_MSEC);
	u32 rest;
	u64 seconds = div_u64_rem(milliseconds, MSEC_PER_SEC, &rest);

	seq_printf(file, "%llu.%03u%*s", seconds, rest, 16, "");
}

static void show_part(struct seq_file *file,
		      const struct lttng_addons_aggregate *aggregate,
		      const struct lttng_addons_key *key, const void *part)
{
	const char *label = key->labels ? find_label(key, *(const s64 *)part) : NULL;

	if (label) {
		seq_printf(file, "%-30s", label);
		return;
	}
	switch (key->kind) {
	case LTTNG_ADDONS_TEXT_KEY:
		key_show_text(file, part, key->size);
		break;
	case LTTNG_ADDONS_UNSIGNED_KEY:
		seq_printf(file, "%-30llu", *(const u64 *)part);
		break;
	case LTTNG_ADDONS_SIGNED_KEY:
		seq_printf(file, "%-30lld", *(const s64 *)part);
		break;
	case LTTNG_ADDONS_POINTER_KEY:
		seq_printf(file, "0x%-28llx", *(const u64 *)part);
		break;
	case LTTNG_ADDONS_IP4_KEY:
		seq_printf(file, "%-30pI4", part);
		break;
	case LTTNG_ADDONS_IP6_KEY:
		seq_printf(file, "%-30pI6c", part);
		break;
	case LTTNG_ADDONS_MAC_KEY:
		seq_printf(file, "%-30pM", part);
		break;
	case LTTNG_ADDONS_STACK_KEY:
		show_stack(file, part, key->size);
		break;
	case LTTNG_ADDONS_SLICE_KEY:
		show_slice(file, aggregate->slice_ns, *(const u64 *)part);
		break;
	}
}

/* A column for each part; where there is no key, an empty one. */
void key_show(struct seq_file *file, const struct lttng_addons_aggregate *aggregate,
	      const void *key)
{
	u32 i;

	if (!aggregate->key_parts)
		seq_printf(file, "  %-30s", "");
	for (i = 0; i < aggregate->key_parts; i++) {
		seq_puts(file, i ? " " : "  ");
		show_part(file, aggregate, &aggregate->key[i],
			  key + aggregate->key[i].offset);
	}
}
