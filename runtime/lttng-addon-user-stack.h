/* SPDX-License-Identifier: GPL-2.0-only */
/* The current task's call stack in user space, for probes. */
#ifndef LTTNG_ADDON_USER_STACK_H
#define LTTNG_ADDON_USER_STACK_H

#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>
#include <linux/uaccess.h>

/*
 * What a function that keeps frame pointers has at its frame: the caller's
 * frame, and where the caller goes on.
 */
struct lttng_addon_user_frame {
	unsigned long next;
	unsigned long returns_to;
};

/**
 * lttng_addon_user_stack() - Get the call stack of the current task in user space
 * @to: where to
 * @size: how many addresses there is room for
 *
 * As stack_trace_save_user(), which modules do not get: by frame pointers, and
 * by copies that do not fault. Programs that keep no frame pointers, and 32-bit
 * ones, give where they were and little else.
 *
 * Context: Any, NMI too. In an interrupt, the current task is the one that was
 * interrupted.
 * Return: How many addresses there are, the innermost first; 0 for a kernel
 * thread.
 */
static inline unsigned int lttng_addon_user_stack(unsigned long *to,
						  unsigned int size)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct lttng_addon_user_frame frame;
	unsigned long at, last = 0;
	unsigned int length = 0;

	if ((current->flags & PF_KTHREAD) || !current->mm || !user_mode(regs))
		return 0;
	to[length++] = instruction_pointer(regs);
	for (at = frame_pointer(regs); length < size && at > last; at = frame.next) {
		if (copy_from_user_nofault(&frame, (void __user *)at,
					   sizeof(frame)) || !frame.returns_to)
			break;
		to[length++] = frame.returns_to;
		last = at;
	}
	return length;
}

#endif /* LTTNG_ADDON_USER_STACK_H */
