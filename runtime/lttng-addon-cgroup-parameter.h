/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters that name a cgroup (v2), for probes that ask whether the
 * current task is in it.
 *
 * A cgroup is a mark that a task's children are born with. They keep it when
 * they begin a session of their own and when their parent dies, and asking for
 * it is no walk over tasks.
 */
#ifndef LTTNG_ADDON_CGROUP_PARAMETER_H
#define LTTNG_ADDON_CGROUP_PARAMETER_H

#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "lttng-addon-parameter.h"

/**
 * struct lttng_addon_cgroup - A cgroup that a module parameter names
 * @path: the parameter
 * @cgroup: what it named when it was set; NULL: nothing, as the text was empty
 */
struct lttng_addon_cgroup {
	struct lttng_addon_text *path;
	struct cgroup __rcu *cgroup;
};

/* The memory of a cgroup that was put lasts until no probe can see it. */
static void lttng_addon_cgroup_replace(struct lttng_addon_cgroup *mark,
				       struct cgroup *next)
{
	struct cgroup *previous;

	/* Writers are serialized by the kernel's lock on module parameters. */
	previous = rcu_replace_pointer(mark->cgroup, next, true);
	if (previous)
		cgroup_put(previous);
}

/* As cgroup_get_from_path(); NULL for no path. */
static struct cgroup *lttng_addon_cgroup_find(const char *path, size_t length)
{
	struct cgroup *cgroup;
	char *copy;

	if (!length)
		return NULL;
	copy = kstrndup(path, length, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	cgroup = cgroup_get_from_path(copy);
	if (IS_ERR(cgroup))
		pr_warn("%s: there is no cgroup %s\n", THIS_MODULE->name, copy);
	kfree(copy);
	return cgroup;
}

static int lttng_addon_cgroup_set(const char *path,
				  const struct kernel_param *kp)
{
	struct lttng_addon_cgroup *mark = kp->arg;
	const struct kernel_param text = { .arg = mark->path };
	struct cgroup *cgroup;
	int ret;

	/* echo ends what it writes with a newline. */
	cgroup = lttng_addon_cgroup_find(path, strcspn(path, "\n"));
	if (IS_ERR(cgroup))
		return PTR_ERR(cgroup);
	ret = lttng_addon_text_set(path, &text);
	if (ret) {
		if (cgroup)
			cgroup_put(cgroup);
		return ret;
	}
	lttng_addon_cgroup_replace(mark, cgroup);
	return 0;
}

static int lttng_addon_cgroup_get(char *buffer, const struct kernel_param *kp)
{
	struct lttng_addon_cgroup *mark = kp->arg;
	const struct kernel_param text = { .arg = mark->path };

	return lttng_addon_text_get(buffer, &text);
}

/**
 * lttng_addon_cgroup_default() - Find what a parameter's default names
 * @mark: the parameter; one that was set at loading stays as it is
 *
 * Undo by lttng_addon_cgroup_replace() with NULL.
 *
 * Context: The module's init function, before any probe is attached.
 * Return: 0, or an error: it does not exist.
 */
static inline int lttng_addon_cgroup_default(struct lttng_addon_cgroup *mark)
{
	const char *path = mark->path->initial;
	const struct kernel_param kp = { .arg = mark };
	int ret = 0;

	kernel_param_lock(THIS_MODULE);
	if (rcu_access_pointer(mark->path->value) == path)
		ret = lttng_addon_cgroup_set(path, &kp);
	kernel_param_unlock(THIS_MODULE);
	return ret;
}

/* Called when the module goes: no probe is left. */
static void lttng_addon_cgroup_free(void *arg)
{
	struct lttng_addon_cgroup *mark = arg;

	lttng_addon_cgroup_replace(mark, NULL);
	lttng_addon_text_free(mark->path);
}

static const struct kernel_param_ops lttng_addon_cgroup_ops = {
	.set = lttng_addon_cgroup_set,
	.get = lttng_addon_cgroup_get,
	.free = lttng_addon_cgroup_free,
};

/**
 * lttng_addon_in_cgroup() - Whether the current task is in a cgroup
 * @mark: the parameter that names it
 *
 * Context: Any, NMI too. In an interrupt, the current task is the one that was
 * interrupted.
 * Return: Whether it is in that cgroup, or in one below.
 */
static inline bool lttng_addon_in_cgroup(const struct lttng_addon_cgroup *mark)
{
	struct cgroup *cgroup;
	bool is_in;

	rcu_read_lock();
	cgroup = rcu_dereference(mark->cgroup);
	is_in = cgroup && task_under_cgroup_hierarchy(current, cgroup);
	rcu_read_unlock();
	return is_in;
}

/**
 * LTTNG_ADDON_CGROUP_PARAMETER() - Define a module parameter that names a cgroup
 * @name: its name; the struct lttng_addon_cgroup is cgroup_NAME
 * @text: its default, a string literal: "" or what cgroup_NAME is set to later
 * @most: the most bytes that it may have
 * @help: what modinfo says of it
 *
 * The text is as that of LTTNG_ADDON_TEXT_PARAMETER(). The cgroup must exist
 * when it is set.
 */
#define LTTNG_ADDON_CGROUP_PARAMETER(name, text, most, help)		\
	static const char param_##name##_initial[] = text;		\
	static struct lttng_addon_text param_##name = {			\
		.value = RCU_INITIALIZER(param_##name##_initial),	\
		.initial = param_##name##_initial,			\
		.length = most,						\
	};								\
	static struct lttng_addon_cgroup cgroup_##name = {		\
		.path = &param_##name,					\
	};								\
	module_param_cb(name, &lttng_addon_cgroup_ops, &cgroup_##name, 0600); \
	MODULE_PARM_DESC(name, help)

#endif /* LTTNG_ADDON_CGROUP_PARAMETER_H */
