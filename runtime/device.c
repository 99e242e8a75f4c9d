// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/lttng-addons/NAME: commands, the mapping, and waiting for records. While
 * it is open, the addon collects.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

#include "runtime.h"

/* One opened file. */
struct opened {
	struct lttng_addon *addon;
	/* How many records there were when poll() last said that there are some. */
	atomic64_t reported;
};

static u64 records_written(const struct lttng_addon *addon)
{
	u64 written = 0;
	int number;

	if (!addon->records)
		return 0;
	for_each_possible_cpu(number)
		written += READ_ONCE(per_cpu_ptr(addon->cpus, number)->ring->head);
	return written;
}

static int device_open(struct inode *inode, struct file *file)
{
	struct lttng_addon *addon =
		container_of(file->private_data, struct lttng_addon, device);
	struct opened *opened;
	int ret;

	/* What the kernel does is shown here, whatever the node's mode became. */
	if (!perfmon_capable())
		return -EPERM;
	opened = kzalloc(sizeof(*opened), GFP_KERNEL);
	if (!opened)
		return -ENOMEM;
	opened->addon = addon;
	atomic64_set(&opened->reported, records_written(addon));
	ret = collect_hold(addon);
	if (ret) {
		kfree(opened);
		return ret;
	}
	file->private_data = opened;
	return stream_open(inode, file);
}

/* The last descriptor and the last mapping are gone. */
static int device_release(struct inode *inode, struct file *file)
{
	struct opened *opened = file->private_data;

	collect_release(opened->addon);
	kfree(opened);
	return 0;
}

static int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct opened *opened = file->private_data;

	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	/* Nor later, by mprotect(). */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
#else
	vma->vm_flags &= ~(VM_MAYWRITE | VM_MAYEXEC);
#endif
	return remap_vmalloc_range(vma, opened->addon->map, vma->vm_pgoff);
}

static __poll_t device_poll(struct file *file, poll_table *table)
{
	struct opened *opened = file->private_data;
	u64 written;

	poll_wait(file, &opened->addon->wait, table);
	/* Against the one in lttng_addons_commit(). */
	smp_mb();
	written = records_written(opened->addon);
	if ((u64)atomic64_xchg(&opened->reported, written) == written)
		return 0;
	return EPOLLIN | EPOLLRDNORM;
}

/* The built-in commands; each gets the kernel's copy of its argument. */

static int get_version(struct lttng_addon *addon, struct lttng_addons_version *version)
{
	version->version = LTTNG_ADDONS_ABI_VERSION;
	version->description_size = addon->description_size;
	version->digest = addon->digest;
	version->map_size = addon->map->size;
	return 0;
}

static int get_description(struct lttng_addon *addon, struct lttng_addons_describe *describe)
{
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

static int get_parameter(struct lttng_addon *addon, struct lttng_addons_parameter *parameter)
{
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

static int set_parameter(struct lttng_addon *addon, struct lttng_addons_parameter *parameter)
{
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

static int read_aggregate(struct lttng_addon *addon, struct lttng_addons_read *read)
{
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

static int read_hits(struct lttng_addon *addon, struct lttng_addons_read_hits *read)
{
	if (read->hook >= addon->hook_count || read->reserved)
		return -EINVAL;
	hits_sum(addon, read->hook, &read->hits);
	return 0;
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
	return ret;
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

static int serve(struct lttng_addon *addon, unsigned int request, void *argument)
{
	switch (request) {
	case LTTNG_ADDONS_VERSION:
		return get_version(addon, argument);
	case LTTNG_ADDONS_DESCRIBE:
		return get_description(addon, argument);
	case LTTNG_ADDONS_GET_PARAMETER:
		return get_parameter(addon, argument);
	case LTTNG_ADDONS_SET_PARAMETER:
		return set_parameter(addon, argument);
	case LTTNG_ADDONS_READ:
		return read_aggregate(addon, argument);
	case LTTNG_ADDONS_READ_HITS:
		return read_hits(addon, argument);
	case LTTNG_ADDONS_RESET:
		collected_reset(addon);
		return 0;
	default:
		return serve_own(addon, find_own(addon, request), argument);
	}
}

static bool is_built_in(unsigned int request)
{
	switch (request) {
	case LTTNG_ADDONS_VERSION:
	case LTTNG_ADDONS_DESCRIBE:
	case LTTNG_ADDONS_GET_PARAMETER:
	case LTTNG_ADDONS_SET_PARAMETER:
	case LTTNG_ADDONS_READ:
	case LTTNG_ADDONS_READ_HITS:
	case LTTNG_ADDONS_RESET:
		return true;
	default:
		return false;
	}
}

/* Whether a command only asks. */
static bool is_reading(unsigned int request)
{
	if (request == LTTNG_ADDONS_SET_PARAMETER || request == LTTNG_ADDONS_RESET)
		return false;
	return is_built_in(request) || _IOC_DIR(request) == _IOC_READ;
}

static long device_ioctl(struct file *file, unsigned int request, unsigned long argument)
{
	struct lttng_addon *addon = ((struct opened *)file->private_data)->addon;
	void __user *user = (void __user *)argument;
	size_t size = _IOC_SIZE(request);
	void *copy = NULL;
	long ret = 0;

	/* A request that is known here has a size that is known, too. */
	if (!is_built_in(request) && !find_own(addon, request))
		return -ENOTTY;
	if (!is_reading(request) && !(file->f_mode & FMODE_WRITE))
		return -EPERM;
	if (size) {
		copy = kzalloc(size, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	if (_IOC_DIR(request) & _IOC_WRITE && copy_from_user(copy, user, size))
		ret = -EFAULT;
	if (!ret)
		ret = serve(addon, request, copy);
	if (!ret && _IOC_DIR(request) & _IOC_READ && copy_to_user(user, copy, size))
		ret = -EFAULT;
	kfree(copy);
	return ret;
}

/* What every addon's device does; the owner is the addon's module. */
static const struct file_operations device_operations = {
	.open = device_open,
	.release = device_release,
	.mmap = device_mmap,
	.poll = device_poll,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

int node_create(struct lttng_addon *addon)
{
	int ret = -ENOMEM;

	mutex_init(&addon->command_lock);
	addon->operations = device_operations;
	addon->operations.owner = addon->owner;
	addon->device = (struct miscdevice) {
		.minor = MISC_DYNAMIC_MINOR,
		.name = kasprintf(GFP_KERNEL, "lttng-addon-%s", addon->name),
		.nodename = kasprintf(GFP_KERNEL, "lttng-addons/%s", addon->name),
		.fops = &addon->operations,
		.mode = 0600,
	};
	if (addon->device.name && addon->device.nodename)
		ret = misc_register(&addon->device);
	if (ret)
		goto free_names;
	return 0;

free_names:
	kfree(addon->device.name);
	kfree(addon->device.nodename);
	return ret;
}

void node_destroy(struct lttng_addon *addon)
{
	misc_deregister(&addon->device);
	kfree(addon->device.name);
	kfree(addon->device.nodename);
}
