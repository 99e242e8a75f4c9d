/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of lttng-addon-kit, written by lttng-addon.
 * Digest: 25de900c2ca0ce52
 */
/*
 * What every probe of an event begins and ends with: it counts the hits of the
 * event's hook, and those that the filter lets pass, and keeps the probe from
 * being entered again by what it does itself.
 *
 * Each CPU counts for itself, so that counting costs a probe one instruction
 * and no lock. Root reads the sums in the module parameter hits_EVENT.
 */
#ifndef LTTNG_ADDON_HITS_H
#define LTTNG_ADDON_HITS_H

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sysfs.h>

/*
 * The context in which a CPU runs a probe: which of task, softirq, hardirq and
 * NMI, and how deep in the last two. 0 while it runs none.
 */
#define LTTNG_ADDON_CONTEXT	(NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)
#define LTTNG_ADDON_BUSY	1U

/**
 * struct lttng_addon_hits - One CPU's hits of an event's hook
 * @seen: all hits while a session has the event enabled
 * @passed: those that the filter let pass: all that LTTng was given
 * @missed: hits in the middle of another one, by what the probe itself does;
 *	not among @seen
 * @guard: for lttng_addon_enter(), of an event that has a guard of its own
 *
 * Define one for each event with DEFINE_PER_CPU(), and count what passes with
 * this_cpu_inc(addon_EVENT_hits.passed).
 */
struct lttng_addon_hits {
	u64 seen;
	u64 passed;
	u64 missed;
	unsigned int guard;
};

/**
 * lttng_addon_enter() - Begin a probe
 * @hits: where the hit is counted
 * @guard: of all probes that must not run in the middle of one another
 * @outer: for lttng_addon_leave()
 *
 * What a probe does may hit a hook, too: a copy from user memory faults, which
 * the event page_fault_kernel sees. Without an end to that the stack would be
 * used up. An interrupt or an NMI in the middle of a probe is no recursion: its
 * context is another one.
 *
 * Context: Any, NMI too. Preemption is disabled until lttng_addon_leave().
 * Return: Whether to go on. If not, the hit is counted as missed; do not leave.
 */
static __always_inline bool lttng_addon_enter(struct lttng_addon_hits __percpu *hits,
					      unsigned int __percpu *guard,
					      unsigned int *outer)
{
	unsigned int context;

	preempt_disable_notrace();
	context = (preempt_count() & LTTNG_ADDON_CONTEXT) | LTTNG_ADDON_BUSY;
	*outer = __this_cpu_read(*guard);
	if (unlikely(*outer == context)) {
		this_cpu_inc(hits->missed);
		preempt_enable_notrace();
		return false;
	}
	/* An interrupt from here on restores what it finds. */
	__this_cpu_write(*guard, context);
	barrier();
	this_cpu_inc(hits->seen);
	return true;
}

/**
 * lttng_addon_leave() - End what lttng_addon_enter() began
 * @guard: as there
 * @outer: what lttng_addon_enter() wrote
 */
static __always_inline void lttng_addon_leave(unsigned int __percpu *guard,
					      unsigned int outer)
{
	barrier();
	__this_cpu_write(*guard, outer);
	preempt_enable_notrace();
}

/* An array of values of one type, with commas as module_param_array() has it. */
static inline int lttng_addon_hits_show(char *buffer,
					struct lttng_addon_hits __percpu *hits,
					u64 missed)
{
	u64 seen = 0, passed = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		seen += READ_ONCE(per_cpu_ptr(hits, cpu)->seen);
		passed += READ_ONCE(per_cpu_ptr(hits, cpu)->passed);
		missed += READ_ONCE(per_cpu_ptr(hits, cpu)->missed);
	}
	return sysfs_emit(buffer, "%llu,%llu,%llu\n", seen, passed, missed);
}

/**
 * LTTNG_ADDON_HITS_PARAMETER() - Show an event's hits to root
 * @event: the event's name; its hits are in addon_EVENT_hits
 * @dropped: an expression: hits that the kernel did not give to the probe, as
 *	a kprobe's nmissed; 0 for a tracepoint, which drops none
 *
 * /sys/module/MODULE/parameters/hits_EVENT has "SEEN,PASSED,MISSED".
 */
#define LTTNG_ADDON_HITS_PARAMETER(event, dropped)			\
	static int addon_##event##_hits_get(char *buffer,		\
					    const struct kernel_param *kp) \
	{								\
		return lttng_addon_hits_show(buffer,			\
					     &addon_##event##_hits, dropped); \
	}								\
	static const struct kernel_param_ops addon_##event##_hits_ops = { \
		.get = addon_##event##_hits_get,			\
	};								\
	module_param_cb(hits_##event, &addon_##event##_hits_ops, NULL, 0400); \
	MODULE_PARM_DESC(hits_##event, "hits seen, passed by the filter, missed")

#endif /* LTTNG_ADDON_HITS_H */
