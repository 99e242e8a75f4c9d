// SPDX-License-Identifier: GPL-2.0-only
/*
 * An addon's hooks, which have their probes only while a reader wants what
 * they collect: while the device is open, or the parameter `collect` is set.
 */
#include "runtime.h"

/* All addons' state, users and collect. Taken inside the lock on parameters. */
static DEFINE_MUTEX(collect_lock);

static void take_if_named(struct tracepoint *tracepoint, void *data)
{
	struct lttng_addons_hook *hook = data;

	if (!strcmp(tracepoint->name, hook->tracepoint))
		hook->found = tracepoint;
}

/* Looks into one module; the kernel keeps no list that we could walk. */
struct module_search {
	struct notifier_block notifier;
	struct lttng_addons_hook *hook;
	struct module *owner;
};

static int search_module(struct notifier_block *notifier, unsigned long action,
			 void *data)
{
	struct module_search *search =
		container_of(notifier, struct module_search, notifier);
	struct lttng_addons_hook *hook = search->hook;
	struct module *module = ((struct tp_module *)data)->mod;
	unsigned int i;

	if (action != MODULE_STATE_COMING || hook->found)
		return NOTIFY_OK;
	for (i = 0; i < module->num_tracepoints; i++)
		take_if_named(tracepoint_ptr_deref(&module->tracepoints_ptrs[i]), hook);
	/* An addon that held itself could never be unloaded. */
	if (hook->found && module == search->owner)
		return NOTIFY_OK;
	if (hook->found && try_module_get(module))
		hook->found_in = module;
	else
		hook->found = NULL;
	return NOTIFY_OK;
}

static int hook_find(struct lttng_addons_hook *hook, struct module *owner)
{
	struct module_search search = {
		.notifier.notifier_call = search_module,
		.hook = hook,
		.owner = owner,
	};

	for_each_kernel_tracepoint(take_if_named, hook);
	if (hook->found)
		return 0;
	/* Whoever registers is told of all modules that are there already. */
	if (!register_tracepoint_module_notifier(&search.notifier))
		unregister_tracepoint_module_notifier(&search.notifier);
	return hook->found ? 0 : -ENOENT;
}

/* Find the hooks; a tracepoint's module stays as long as the addon does. */
int hooks_find(struct lttng_addon *addon)
{
	u32 i;
	int ret;

	for (i = 0; i < addon->hook_count; i++) {
		if (!addon->hooks[i].tracepoint)
			continue;
		ret = hook_find(&addon->hooks[i], addon->owner);
		if (ret) {
			pr_err("%s: no tracepoint %s\n", addon->name,
			       addon->hooks[i].tracepoint);
			hooks_forget(addon);
			return ret;
		}
	}
	return 0;
}

void hooks_forget(struct lttng_addon *addon)
{
	u32 i;

	for (i = 0; i < addon->hook_count; i++) {
		module_put(addon->hooks[i].found_in);
		addon->hooks[i].found_in = NULL;
		addon->hooks[i].found = NULL;
	}
}

static int hook_attach(struct lttng_addons_hook *hook)
{
	if (!hook->tracepoint)
		return hook->attach();
	return tracepoint_probe_register(hook->found, hook->probe, NULL);
}

static void hook_detach(struct lttng_addons_hook *hook)
{
	if (hook->tracepoint)
		tracepoint_probe_unregister(hook->found, hook->probe, NULL);
	else
		hook->detach();
}

/* The hooks of a span, or those that are of none. */
int hooks_attach(struct lttng_addon *addon, const struct lttng_addons_span *span)
{
	u32 i;
	int ret;

	for (i = 0; i < addon->hook_count; i++) {
		if (addon->hooks[i].span != span)
			continue;
		ret = hook_attach(&addon->hooks[i]);
		if (ret)
			goto detach;
	}
	return 0;

detach:
	pr_err("%s: can't attach to %s: %d\n", addon->name, addon->hooks[i].name, ret);
	while (i--) {
		if (addon->hooks[i].span == span)
			hook_detach(&addon->hooks[i]);
	}
	return ret;
}

void hooks_detach(struct lttng_addon *addon, const struct lttng_addons_span *span)
{
	u32 i;

	for (i = addon->hook_count; i--;) {
		if (addon->hooks[i].span == span)
			hook_detach(&addon->hooks[i]);
	}
}

static int hold(struct lttng_addon *addon)
{
	int ret;

	if (addon->users++)
		return 0;
	ret = hooks_attach(addon, NULL);
	if (ret)
		addon->users--;
	else
		spans_settle(addon);
	return ret;
}

static void release(struct lttng_addon *addon)
{
	if (--addon->users)
		return;
	hooks_detach(addon, NULL);
	spans_settle(addon);
}

int collect_hold(struct lttng_addon *addon)
{
	int ret;

	mutex_lock(&collect_lock);
	ret = hold(addon);
	mutex_unlock(&collect_lock);
	return ret;
}

void collect_release(struct lttng_addon *addon)
{
	mutex_lock(&collect_lock);
	release(addon);
	mutex_unlock(&collect_lock);
}

/* None of our probes is running any more when this returns, nor wakes a reader. */
static void quiesce(struct lttng_addon *addon)
{
	tracepoint_synchronize_unregister();
	irq_work_sync(&addon->wake);
}

/* From here on `collect` counts; it may have been set at loading time. */
int collect_begin(struct lttng_addon *addon)
{
	int ret = 0;

	mutex_lock(&collect_lock);
	if (addon->collect)
		ret = hold(addon);
	if (!ret)
		addon->state = LTTNG_ADDONS_REGISTERED;
	mutex_unlock(&collect_lock);
	/* Hooks before the one that failed were attached: the caller frees next. */
	if (ret)
		quiesce(addon);
	return ret;
}

void collect_end(struct lttng_addon *addon)
{
	mutex_lock(&collect_lock);
	if (addon->collect)
		release(addon);
	addon->state = LTTNG_ADDONS_GONE;
	mutex_unlock(&collect_lock);
	quiesce(addon);
}

static int collect_set(const char *text, const struct kernel_param *kp)
{
	struct lttng_addon *addon = kp->arg;
	bool wanted;
	int ret;

	ret = kstrtobool(text, &wanted);
	if (ret)
		return ret;
	mutex_lock(&collect_lock);
	if (addon->state == LTTNG_ADDONS_GONE)
		ret = -ENODEV;
	else if (addon->state == LTTNG_ADDONS_REGISTERED && wanted && !addon->collect)
		ret = hold(addon);
	else if (addon->state == LTTNG_ADDONS_REGISTERED && !wanted && addon->collect)
		release(addon);
	if (!ret)
		addon->collect = wanted;
	mutex_unlock(&collect_lock);
	return ret;
}

static int collect_get(char *buffer, const struct kernel_param *kp)
{
	const struct lttng_addon *addon = kp->arg;

	return sysfs_emit(buffer, "%c\n", READ_ONCE(addon->collect) ? 'Y' : 'N');
}

const struct kernel_param_ops lttng_addons_collect_ops = {
	.set = collect_set,
	.get = collect_get,
};
EXPORT_SYMBOL_GPL(lttng_addons_collect_ops);
