/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of lttng-addon-kit, written by lttng-addon.
 * Digest: f28c92e63c319913
 */
/*
 * Module parameters that are texts, for probes that compare with them.
 *
 * module_param_string() would do, were it not that a text may change while
 * probes read it. Here every value is a copy of its own, published by RCU: a
 * probe sees the old text or the new one, never a mix of both.
 */
#ifndef LTTNG_ADDON_PARAMETER_H
#define LTTNG_ADDON_PARAMETER_H

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* A text that was written into the parameter's file, until no probe reads it. */
struct lttng_addon_text_value {
	struct rcu_head rcu;
	char text[];
};

/**
 * struct lttng_addon_text - A text that changes as a whole
 * @value: the text; the default, or that of a struct lttng_addon_text_value
 * @initial: the default, which is never freed
 * @length: the most bytes that a text may have, without the NUL at its end
 */
struct lttng_addon_text {
	const char __rcu *value;
	const char *initial;
	size_t length;
};

/**
 * lttng_addon_text() - Get the text as it is now
 * @parameter: the struct lttng_addon_text, not a pointer to it
 *
 * Context: With preemption disabled, as probes run; the text stays as long.
 * Return: The text, which ends with a NUL.
 */
#define lttng_addon_text(parameter)	rcu_dereference_sched((parameter).value)

static inline void
lttng_addon_text_value_free(const struct lttng_addon_text *parameter, const char *text)
{
	struct lttng_addon_text_value *value;

	if (text == parameter->initial)
		return;
	value = container_of(text, struct lttng_addon_text_value, text[0]);
	kfree_rcu(value, rcu);
}

static int lttng_addon_text_set(const char *text, const struct kernel_param *kp)
{
	struct lttng_addon_text *parameter = kp->arg;
	/* echo ends what it writes with a newline. */
	size_t length = strcspn(text, "\n");
	struct lttng_addon_text_value *next;
	const char *previous;

	if (length > parameter->length)
		return -ENOSPC;
	next = kzalloc(struct_size(next, text, length + 1), GFP_KERNEL);
	if (!next)
		return -ENOMEM;
	memcpy(next->text, text, length);
	/* Writers are serialized by the kernel's lock on module parameters. */
	previous = rcu_replace_pointer(parameter->value, (const char *)next->text,
				       true);
	lttng_addon_text_value_free(parameter, previous);
	return 0;
}

static int lttng_addon_text_get(char *buffer, const struct kernel_param *kp)
{
	struct lttng_addon_text *parameter = kp->arg;
	int length;

	rcu_read_lock();
	length = sysfs_emit(buffer, "%s\n", rcu_dereference(parameter->value));
	rcu_read_unlock();
	return length;
}

/* Called when the module goes: no probe is left. */
static void lttng_addon_text_free(void *arg)
{
	struct lttng_addon_text *parameter = arg;

	lttng_addon_text_value_free(parameter, rcu_access_pointer(parameter->value));
}

static const struct kernel_param_ops __maybe_unused lttng_addon_text_ops = {
	.set = lttng_addon_text_set,
	.get = lttng_addon_text_get,
	.free = lttng_addon_text_free,
};

/**
 * LTTNG_ADDON_TEXT_PARAMETER() - Define a module parameter that is a text
 * @name: its name; the struct lttng_addon_text is param_NAME
 * @text: its default, a string literal
 * @most: the most bytes that it may have
 * @help: what modinfo says of it
 *
 * Root may read and change it in /sys/module/MODULE/parameters/NAME.
 */
#define LTTNG_ADDON_TEXT_PARAMETER(name, text, most, help)		\
	static const char param_##name##_initial[] = text;		\
	static struct lttng_addon_text param_##name = {			\
		.value = RCU_INITIALIZER(param_##name##_initial),	\
		.initial = param_##name##_initial,			\
		.length = most,						\
	};								\
	module_param_cb(name, &lttng_addon_text_ops, &param_##name, 0600); \
	MODULE_PARM_DESC(name, help)

#endif /* LTTNG_ADDON_PARAMETER_H */
