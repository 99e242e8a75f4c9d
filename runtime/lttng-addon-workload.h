/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which tasks belong to the workload: the command of `lttng-addon run`, and all
 * that it starts. The kit creates a cgroup for them, and names it to the module
 * before the command begins.
 */
#ifndef LTTNG_ADDON_WORKLOAD_H
#define LTTNG_ADDON_WORKLOAD_H

#include "lttng-addon-cgroup-parameter.h"

LTTNG_ADDON_CGROUP_PARAMETER(workload_cgroup, "", 255,
			     "path of the cgroup whose tasks are the workload");

/**
 * lttng_addon_in_workload() - Whether the current task belongs to the workload
 *
 * Context: Any, NMI too. In an interrupt, the current task is the one that was
 * interrupted.
 */
static inline bool lttng_addon_in_workload(void)
{
	return lttng_addon_in_cgroup(&cgroup_workload_cgroup);
}

#endif /* LTTNG_ADDON_WORKLOAD_H */
