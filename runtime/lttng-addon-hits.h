/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often an event's hook was hit, and how often the filter let it pass.
 *
 * Each CPU counts for itself, so that counting costs a probe one instruction
 * and no lock. Root reads the sums in the module parameter hits_EVENT.
 */
#ifndef LTTNG_ADDON_HITS_H
#define LTTNG_ADDON_HITS_H

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/sysfs.h>

/**
 * struct lttng_addon_hits - One CPU's hits of an event's hook
 * @seen: all hits while a session has the event enabled
 * @passed: those that the filter let pass: all that LTTng was given
 *
 * Define one for each event, and count with this_cpu_inc():
 *
 *	static DEFINE_PER_CPU(struct lttng_addon_hits, EVENT_hits);
 *	this_cpu_inc(EVENT_hits.seen);
 */
struct lttng_addon_hits {
	u64 seen;
	u64 passed;
};

/* An array of values of one type, with commas as module_param_array() has it. */
static inline int lttng_addon_hits_show(char *buffer,
					struct lttng_addon_hits __percpu *hits,
					unsigned long missed)
{
	u64 seen = 0, passed = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		seen += READ_ONCE(per_cpu_ptr(hits, cpu)->seen);
		passed += READ_ONCE(per_cpu_ptr(hits, cpu)->passed);
	}
	return sysfs_emit(buffer, "%llu,%llu,%lu\n", seen, passed, missed);
}

/**
 * LTTNG_ADDON_HITS_PARAMETER() - Show an event's hits to root
 * @event: the event's name; its hits are in EVENT_hits
 * @missed: an expression: hits that the kernel did not give to the probe, as
 *	a kprobe's nmissed; 0 for a tracepoint, which misses none
 *
 * /sys/module/MODULE/parameters/hits_EVENT has "SEEN,PASSED,MISSED".
 */
#define LTTNG_ADDON_HITS_PARAMETER(event, missed)			\
	static int event##_hits_get(char *buffer,			\
				    const struct kernel_param *kp)	\
	{								\
		return lttng_addon_hits_show(buffer, &event##_hits, missed); \
	}								\
	static const struct kernel_param_ops event##_hits_ops = {	\
		.get = event##_hits_get,				\
	};								\
	module_param_cb(hits_##event, &event##_hits_ops, NULL, 0400);	\
	MODULE_PARM_DESC(hits_##event, "hits seen, passed by the filter, missed")

#endif /* LTTNG_ADDON_HITS_H */
