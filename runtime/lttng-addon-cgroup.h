/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The current task's cgroup, for probes: of the unified hierarchy (v2), which
 * every kernel with cgroups has, mounted or not.
 */
#ifndef LTTNG_ADDON_CGROUP_H
#define LTTNG_ADDON_CGROUP_H

#include <linux/cgroup.h>
#include <linux/kernfs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

/**
 * lttng_addon_cgroup_id() - Get the id of the current task's cgroup
 *
 * Context: Any, NMI too.
 * Return: What stat() has as the number of the cgroup's folder.
 */
static inline u64 lttng_addon_cgroup_id(void)
{
	u64 id;

	rcu_read_lock();
	id = cgroup_id(task_dfl_cgroup(current));
	rcu_read_unlock();
	return id;
}

/**
 * lttng_addon_cgroup_path() - Get the path of the current task's cgroup
 * @to: where to
 * @size: bytes that there is room for; the path is cut off after so many
 *
 * cgroup_path() takes a lock, which the task that was interrupted may hold. It
 * is not needed here: a cgroup of v2 is never renamed nor moved, and keeps
 * those above it alive.
 *
 * Context: Any, NMI too.
 * Return: @to.
 */
static inline const char *lttng_addon_cgroup_path(char *to, size_t size)
{
	size_t length = 0, part;
	struct cgroup *cgroup;
	const char *name;
	int level;

	rcu_read_lock();
	cgroup = task_dfl_cgroup(current);
	for (level = 1; level <= cgroup->level && length + 1 < size; level++) {
		to[length++] = '/';
		name = rcu_dereference(cgroup->ancestors[level]->kn->name);
		part = strnlen(name, size - 1 - length);
		memcpy(to + length, name, part);
		length += part;
	}
	rcu_read_unlock();
	if (!length && size > 1)
		to[length++] = '/';
	to[length] = '\0';
	return to;
}

#endif /* LTTNG_ADDON_CGROUP_H */
