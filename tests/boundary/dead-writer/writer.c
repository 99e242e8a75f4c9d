// SPDX-License-Identifier: GPL-2.0-only
/* Leaves the last cell that was written as a writer does that died in it. */
#include <linux/kprobes.h>
#include <linux/module.h>

#include "lttng-addons.h"

int watch_writer(void);
void unwatch_writer(void);
int die_in_the_middle(void);

static const struct lttng_addons_cpu *writer;

/* lttng_addons_find(addon, cpu, aggregate, key) */
static int __kprobes writer_hit(struct kprobe *probe, struct pt_regs *regs)
{
	writer = (void *)regs_get_kernel_argument(regs, 1);
	return 0;
}

static struct kprobe writer_probe = {
	.symbol_name = "lttng_addons_find",
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
	if (!writer)
		return -ENOENT;
	WRITE_ONCE(writer->cells[0]->sequence, writer->cells[0]->sequence | 1);
	return 0;
}
