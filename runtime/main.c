// SPDX-License-Identifier: GPL-2.0-only
/* The module, and how an addon comes and goes. */
#include "runtime.h"

int lttng_addons_register(struct lttng_addon *addon)
{
	int ret;

	ret = hooks_find(addon);
	if (ret)
		return ret;
	ret = share_create(addon);
	if (ret)
		goto forget_hooks;
	ret = collect_begin(addon);
	if (ret)
		goto destroy_share;
	ret = procfs_create(addon);
	if (ret)
		goto end_collecting;
	ret = node_create(addon);
	if (ret)
		goto destroy_procfs;
	return 0;

destroy_procfs:
	procfs_destroy(addon);
end_collecting:
	collect_end(addon);
destroy_share:
	share_destroy(addon);
forget_hooks:
	hooks_forget(addon);
	return ret;
}
EXPORT_SYMBOL_GPL(lttng_addons_register);

/* Nobody has the device open or mapped: it pins the addon's module. */
void lttng_addons_unregister(struct lttng_addon *addon)
{
	node_destroy(addon);
	procfs_destroy(addon);
	collect_end(addon);
	share_destroy(addon);
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
