// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of /dev/lttng-addons/NAME: those that every addon has, and how
 * an addon's own are served. Each gets the kernel's copy of its argument.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "runtime.h"

static int get_version(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_version *version = argument;

	version->version = LTTNG_ADDONS_ABI_VERSION;
	version->description_size = addon->description_size;
	version->digest = addon->digest;
	version->map_size = addon->map->size;
	return 0;
}

static int get_description(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_describe *describe = argument;

	if (describe->reserved)
		return -EINVAL;
	if (describe->size < addon->description_size)
		return -ENOSPC;
	describe->size = addon->description_size;
	if (copy_to_user(u64_to_user_ptr(describe->buffer), addon->description,
			 addon->description_size))
		return -EFAULT;
	return 0;
}

static const struct lttng_addons_setting *
find_setting(const struct lttng_addon *addon, const struct lttng_addons_parameter *wanted)
{
	u32 i;

	if (strnlen(wanted->name, sizeof(wanted->name)) == sizeof(wanted->name))
		return NULL;
	for (i = 0; i < addon->setting_count; i++) {
		if (!strcmp(addon->settings[i].name, wanted->name))
			return &addon->settings[i];
	}
	return NULL;
}

static int get_parameter(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_parameter *parameter = argument;
	const struct lttng_addons_setting *setting = find_setting(addon, parameter);
	struct kernel_param kp = {};
	char *text;
	int length;

	if (!setting)
		return -ENOENT;
	/* As sysfs does it: a parameter's text is put into a page. */
	text = (char *)get_zeroed_page(GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	kp.name = setting->name;
	kp.arg = setting->arg;
	kernel_param_lock(addon->owner);
	length = setting->ops->get(text, &kp);
	kernel_param_unlock(addon->owner);
	if (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	if (length >= (int)sizeof(parameter->value))
		length = -ENOSPC;
	if (length >= 0)
		strscpy_pad(parameter->value, text, sizeof(parameter->value));
	free_page((unsigned long)text);
	return min(length, 0);
}

static int set_parameter(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_parameter *parameter = argument;
	const struct lttng_addons_setting *setting = find_setting(addon, parameter);
	struct kernel_param kp = {};
	int ret;

	if (!setting)
		return -ENOENT;
	if (strnlen(parameter->value, sizeof(parameter->value)) == sizeof(parameter->value))
		return -EINVAL;
	kp.name = setting->name;
	kp.arg = setting->arg;
	kernel_param_lock(addon->owner);
	ret = setting->ops->set(parameter->value, &kp);
	kernel_param_unlock(addon->owner);
	return ret;
}

static int read_aggregate(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_read *read = argument;
	struct merged merged;
	int ret;

	if (read->aggregate >= addon->aggregate_count)
		return -EINVAL;
	ret = aggregate_merge(addon, read->aggregate, &merged);
	if (ret)
		return ret;
	if (merged.cells > read->cells)
		ret = -ENOSPC;
	else if (copy_to_user(u64_to_user_ptr(read->buffer), merged.data,
			      (size_t)merged.cells * addon->tables[read->aggregate].cell_size))
		ret = -EFAULT;
	read->cells = merged.cells;
	read->overflow = merged.overflow;
	aggregate_free(&merged);
	return ret;
}

static int read_hits(struct lttng_addon *addon, void *argument)
{
	struct lttng_addons_read_hits *read = argument;

	if (read->hook >= addon->hook_count || read->reserved)
		return -EINVAL;
	hits_sum(addon, read->hook, &read->hits);
	return 0;
}

static int reset(struct lttng_addon *addon, void *argument)
{
	collected_reset(addon);
	return 0;
}

/* A command that every addon has. */
struct built_in {
	unsigned int request;
	int (*serve)(struct lttng_addon *addon, void *argument);
	bool only_reads;
};

static const struct built_in built_ins[] = {
	{ LTTNG_ADDONS_VERSION, get_version, true },
	{ LTTNG_ADDONS_DESCRIBE, get_description, true },
	{ LTTNG_ADDONS_GET_PARAMETER, get_parameter, true },
	{ LTTNG_ADDONS_SET_PARAMETER, set_parameter, false },
	{ LTTNG_ADDONS_READ, read_aggregate, true },
	{ LTTNG_ADDONS_READ_HITS, read_hits, true },
	{ LTTNG_ADDONS_RESET, reset, false },
	{ LTTNG_ADDONS_SET_ENTRY, entry_set, false },
	{ LTTNG_ADDONS_GET_ENTRY, entry_get, true },
	{ LTTNG_ADDONS_DELETE_ENTRY, entry_delete, false },
	{ LTTNG_ADDONS_READ_ENTRIES, entries_read, true },
};

static const struct built_in *find_built_in(unsigned int request)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(built_ins); i++) {
		if (built_ins[i].request == request)
			return &built_ins[i];
	}
	return NULL;
}

static const struct lttng_addons_command *find_own(const struct lttng_addon *addon,
						   unsigned int request)
{
	u32 i;

	for (i = 0; i < addon->command_count; i++) {
		if (addon->commands[i].request == request)
			return &addon->commands[i];
	}
	return NULL;
}

bool command_exists(const struct lttng_addon *addon, unsigned int request)
{
	return find_built_in(request) || find_own(addon, request);
}

/* Whether a descriptor that was opened for reading is enough. */
bool command_only_reads(unsigned int request)
{
	const struct built_in *built_in = find_built_in(request);

	return built_in ? built_in->only_reads : _IOC_DIR(request) == _IOC_READ;
}

static int serve_own(struct lttng_addon *addon, const struct lttng_addons_command *command,
		     void *argument)
{
	int ret;

	/* One at a time: what serves a command need not lock against itself. */
	ret = mutex_lock_interruptible(&addon->command_lock);
	if (ret)
		return ret;
	ret = command->serve(argument);
	mutex_unlock(&addon->command_lock);
	if (!ret || IS_ERR_VALUE((long)ret))
		return ret;
	pr_err_ratelimited("%s: command %u returned %d, which is neither 0 nor a negative errno\n",
			   addon->name, _IOC_NR(command->request), ret);
	return -EINVAL;
}

/* Serve a command that exists. */
int command_serve(struct lttng_addon *addon, unsigned int request, void *argument)
{
	const struct built_in *built_in = find_built_in(request);

	if (built_in)
		return built_in->serve(addon, argument);
	return serve_own(addon, find_own(addon, request), argument);
}
