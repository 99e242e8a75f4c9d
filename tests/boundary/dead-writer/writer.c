// SPDX-License-Identifier: GPL-2.0-only
/* Leaves the last cell that was written as a writer does that died in it. */
#include <linux/kprobes.h>
#include <linux/module.h>

#include "lttng-addons.h"

int watch_writer(void);
void unwatch_writer(void);
int die_in_the_middle(void);

static struct lttng_addons_cell *written;

/* lttng_addons_add(addon, cpu, aggregate, value, key) */
static int __kprobes writer_hit(struct kprobe *probe, struct pt_regs *regs)
{
	const struct lttng_addon *addon = (void *)regs_get_kernel_argument(regs, 0);
	const struct lttng_addons_cpu *cpu = (void *)regs_get_kernel_argument(regs, 1);

	written = cpu->memory + addon->tables[0].cells_offset;
	return 0;
}

static struct kprobe writer_probe = {
	.symbol_name = "lttng_addons_add",
	.pre_handler = writer_hit,
};

int watch_writer(void)
{
	return register_kprobe(&writer_probe);
}

void unwatch_writer(void)
{
	unregister_kprobe(&writer_probe);
}

int die_in_the_middle(void)
{
	if (!written)
		return -ENOENT;
	WRITE_ONCE(written->sequence, written->sequence | 1);
	return 0;
}
