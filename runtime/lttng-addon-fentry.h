/* SPDX-License-Identifier: GPL-2.0-only */
/* How an addon hooks the entry of a function: by the kernel's function tracer. */
#ifndef LTTNG_ADDON_FENTRY_H
#define LTTNG_ADDON_FENTRY_H

#include <linux/atomic.h>
#include <linux/ftrace.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/version.h>

#ifndef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#error "fentry: needs a function tracer that saves arguments: hook by kprobe:"
#endif

/**
 * struct lttng_addon_fentry - A function whose entry is hooked
 * @function: the function's name, which no other function has
 * @hit: called at each entry; by no guard of the tracer's, so that the probe's
 *	own must end recursion
 * @ops: the tracer's
 * @unwatched: entries that lttng_addon_fentry_watched() turned away
 */
struct lttng_addon_fentry {
	const char *function;
	ftrace_func_t hit;
	struct ftrace_ops ops;
	atomic_long_t unwatched;
};

/**
 * lttng_addon_fentry_registers() - Find a call's arguments
 * @fregs: as the function tracer passes them
 *
 * Return: Registers, of which only those with arguments and the stack pointer
 * are filled in.
 */
static __always_inline struct pt_regs *
lttng_addon_fentry_registers(struct ftrace_regs *fregs)
{
	/* The struct is opaque since 6.13, and in stable kernels before. */
#ifdef arch_ftrace_regs
	return &arch_ftrace_regs(fregs)->regs;
#else
	return &fregs->regs;
#endif
}

/**
 * lttng_addon_fentry_watched() - Test whether RCU protects what a probe reads
 * @fentry: counts the entry if not
 *
 * Functions that idle CPUs run after RCU has stopped to watch them can be traced
 * until 6.3, where these became noinstr (__cpuidle).
 *
 * Return: Whether to go on.
 */
static __always_inline bool
lttng_addon_fentry_watched(struct lttng_addon_fentry *fentry)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	if (unlikely(!rcu_is_watching())) {
		atomic_long_inc(&fentry->unwatched);
		return false;
	}
#endif
	return true;
}

/**
 * lttng_addon_fentry_attach() - Begin to trace the function
 * @fentry: the function; it is not attached
 *
 * Context: Process; sleeps.
 * Return: 0, -ENOENT if the tracer has no such function, or another error.
 */
static inline int lttng_addon_fentry_attach(struct lttng_addon_fentry *fentry)
{
	struct ftrace_ops *ops = &fentry->ops;
	int ret;

	/* While it is registered, kernel.ftrace_enabled=0 can't silence it. */
	*ops = (struct ftrace_ops) {
		.func = fentry->hit,
		.flags = FTRACE_OPS_FL_PERMANENT,
	};
	/* An empty filter would trace all functions; this refuses instead. */
	ret = ftrace_set_filter(ops, (unsigned char *)fentry->function,
				strlen(fentry->function), 1);
	if (!ret)
		ret = register_ftrace_function(ops);
	if (ret)
		ftrace_free_filter(ops);
	return ret == -EINVAL ? -ENOENT : ret;
}

/**
 * lttng_addon_fentry_detach() - End what lttng_addon_fentry_attach() began
 * @fentry: the function
 *
 * Context: Process; sleeps until no task runs a probe or is preempted in one.
 */
static inline void lttng_addon_fentry_detach(struct lttng_addon_fentry *fentry)
{
	unregister_ftrace_function(&fentry->ops);
	ftrace_free_filter(&fentry->ops);
}

#endif /* LTTNG_ADDON_FENTRY_H */
