/* SPDX-License-Identifier: GPL-2.0-only */
/* The current task's place among others, for probes. */
#ifndef LTTNG_ADDON_TASK_H
#define LTTNG_ADDON_TASK_H

#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/types.h>

/* How many ancestors lttng_addon_descends_from() looks at. */
#define LTTNG_ADDON_MOST_ANCESTORS	64

/**
 * lttng_addon_pid_ns() - Get the number of the current task's pid namespace
 *
 * Context: Any, NMI too.
 * Return: The number in /proc/PID/ns/pid; 0 for a task that is gone already,
 * but for its last steps.
 */
static inline u32 lttng_addon_pid_ns(void)
{
	const struct pid_namespace *namespace;
	u32 number;

	rcu_read_lock();
	namespace = task_active_pid_ns(current);
	number = namespace ? namespace->ns.inum : 0;
	rcu_read_unlock();
	return number;
}

/**
 * lttng_addon_descends_from() - Whether a process or one above it has an id
 * @pid: the id, in the first pid namespace
 *
 * It follows those that are parents now: the children of a process that died
 * have another one.
 *
 * Context: Any, NMI too. It looks at LTTNG_ADDON_MOST_ANCESTORS at most.
 * Return: Whether the current task's process is that one or descends from it.
 */
static inline bool lttng_addon_descends_from(s64 pid)
{
	const struct task_struct *task = current;
	bool descends = false;
	int steps;

	rcu_read_lock();
	for (steps = 0; steps <= LTTNG_ADDON_MOST_ANCESTORS; steps++) {
		descends = task->tgid == pid;
		if (descends || !task->tgid)
			break;
		task = rcu_dereference(task->real_parent);
	}
	rcu_read_unlock();
	return descends;
}

#endif /* LTTNG_ADDON_TASK_H */
