// SPDX-License-Identifier: GPL-2.0-only
/* The module, and how an addon comes and goes. */
#include "runtime.h"

/**
 * lttng_addons_register() - Give an addon its side in user space
 * @addon: the addon; it must stay until lttng_addons_unregister()
 *
 * Finds the addon's hooks and creates its mapping, its files in /proc and its
 * device. It collects while a process has the device open, or from here on if
 * the module parameter `collect` is set.
 *
 * Context: Process context; the module's init.
 * Return: 0, -ENOENT if the kernel lacks a tracepoint, or another error.
 */
int lttng_addons_register(struct lttng_addon *addon)
{
	int ret;

	ret = hooks_find(addon);
	if (ret)
		return ret;
	ret = map_create(addon);
	if (ret)
		goto forget_hooks;
	ret = mapped_create(addon);
	if (ret)
		goto destroy_map;
	ret = lookups_create(addon);
	if (ret)
		goto destroy_mapped;
	ret = spans_create(addon);
	if (ret)
		goto destroy_lookups;
	ret = collect_begin(addon);
	if (ret)
		goto destroy_spans;
	ret = procfs_create(addon);
	if (ret)
		goto end_collecting;
	ret = chardev_create(addon);
	if (ret)
		goto destroy_procfs;
	return 0;

destroy_procfs:
	procfs_destroy(addon);
end_collecting:
	collect_end(addon);
destroy_spans:
	spans_destroy(addon);
destroy_lookups:
	lookups_destroy(addon);
destroy_mapped:
	mapped_destroy(addon);
destroy_map:
	map_destroy(addon);
forget_hooks:
	hooks_forget(addon);
	return ret;
}
EXPORT_SYMBOL_GPL(lttng_addons_register);

/**
 * lttng_addons_unregister() - Take back what lttng_addons_register() gave
 * @addon: the addon
 *
 * No probe of the addon is running when this returns.
 *
 * Context: Process context; the module's exit. Whoever has the device open or
 * mapped pins the module, so that none is left by then.
 */
void lttng_addons_unregister(struct lttng_addon *addon)
{
	chardev_destroy(addon);
	procfs_destroy(addon);
	collect_end(addon);
	spans_destroy(addon);
	lookups_destroy(addon);
	mapped_destroy(addon);
	map_destroy(addon);
	hooks_forget(addon);
}
EXPORT_SYMBOL_GPL(lttng_addons_unregister);

static int __init lttng_addons_init(void)
{
	return procfs_init();
}
module_init(lttng_addons_init);

static void __exit lttng_addons_exit(void)
{
	procfs_exit();
}
module_exit(lttng_addons_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("User-space side of LTTng addons: aggregates, records, /proc, devices");
