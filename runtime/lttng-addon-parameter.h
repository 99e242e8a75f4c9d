/* SPDX-License-Identifier: GPL-2.0-only */
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
struct text_value {
	struct rcu_head rcu;
	char text[];
};

/**
 * struct text_parameter - A text that changes as a whole
 * @value: the text; the default, or that of a struct text_value
 * @initial: the default, which is never freed
 * @length: the most bytes that a text may have, without the NUL at its end
 */
struct text_parameter {
	const char __rcu *value;
	const char *initial;
	size_t length;
};

/**
 * parameter_text() - Get the text as it is now
 * @parameter: the struct text_parameter, not a pointer to it
 *
 * Context: With preemption disabled, as probes run; the text stays as long.
 * Return: The text, which ends with a NUL.
 */
#define parameter_text(parameter)	rcu_dereference_sched((parameter).value)

static inline void text_value_free(const struct text_parameter *parameter,
				   const char *text)
{
	struct text_value *value;

	if (text == parameter->initial)
		return;
	value = container_of(text, struct text_value, text[0]);
	kfree_rcu(value, rcu);
}

static int text_parameter_set(const char *text, const struct kernel_param *kp)
{
	struct text_parameter *parameter = kp->arg;
	/* echo ends what it writes with a newline. */
	size_t length = strcspn(text, "\n");
	struct text_value *next;
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
	text_value_free(parameter, previous);
	return 0;
}

static int text_parameter_get(char *buffer, const struct kernel_param *kp)
{
	struct text_parameter *parameter = kp->arg;
	int length;

	rcu_read_lock();
	length = sysfs_emit(buffer, "%s\n", rcu_dereference(parameter->value));
	rcu_read_unlock();
	return length;
}

/* Called when the module goes: no probe is left. */
static void text_parameter_free(void *arg)
{
	struct text_parameter *parameter = arg;

	text_value_free(parameter, rcu_access_pointer(parameter->value));
}

static const struct kernel_param_ops text_parameter_ops = {
	.set = text_parameter_set,
	.get = text_parameter_get,
	.free = text_parameter_free,
};

/**
 * LTTNG_ADDON_TEXT_PARAMETER() - Define a module parameter that is a text
 * @name: its name; the struct text_parameter is param_NAME
 * @text: its default, a string literal
 * @most: the most bytes that it may have
 * @help: what modinfo says of it
 *
 * Root may read and change it in /sys/module/MODULE/parameters/NAME.
 */
#define LTTNG_ADDON_TEXT_PARAMETER(name, text, most, help)		\
	static const char param_##name##_initial[] = text;		\
	static struct text_parameter param_##name = {			\
		.value = RCU_INITIALIZER(param_##name##_initial),	\
		.initial = param_##name##_initial,			\
		.length = most,						\
	};								\
	module_param_cb(name, &text_parameter_ops, &param_##name, 0600); \
	MODULE_PARM_DESC(name, help)

#endif /* LTTNG_ADDON_PARAMETER_H */
