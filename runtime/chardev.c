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
#include <linux/vmalloc.h>

#include "compat.h"
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

static int chardev_open(struct inode *inode, struct file *file)
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
static int chardev_release(struct inode *inode, struct file *file)
{
	struct opened *opened = file->private_data;

	collect_release(opened->addon);
	kfree(opened);
	return 0;
}

static int chardev_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct opened *opened = file->private_data;

	if (vma->vm_pgoff == LTTNG_ADDONS_PARAMETERS_OFFSET >> PAGE_SHIFT)
		return mapped_map(opened->addon, vma);
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	/* Nor later, by mprotect(). */
	vma_forbid(vma, VM_MAYWRITE | VM_MAYEXEC);
	return remap_vmalloc_range(vma, opened->addon->map, vma->vm_pgoff);
}

static __poll_t chardev_poll(struct file *file, poll_table *table)
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

static long chardev_ioctl(struct file *file, unsigned int request, unsigned long argument)
{
	struct lttng_addon *addon = ((struct opened *)file->private_data)->addon;
	void __user *user = (void __user *)argument;
	size_t size = _IOC_SIZE(request);
	void *copy = NULL;
	long ret = 0;

	/* A request that is known here has a size that is known, too. */
	if (!command_exists(addon, request))
		return -ENOTTY;
	if (!command_only_reads(request) && !(file->f_mode & FMODE_WRITE))
		return -EPERM;
	if (size) {
		copy = kzalloc(size, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
	}
	if (_IOC_DIR(request) & _IOC_WRITE && copy_from_user(copy, user, size))
		ret = -EFAULT;
	if (!ret)
		ret = command_serve(addon, request, copy);
	if (!ret && _IOC_DIR(request) & _IOC_READ && copy_to_user(user, copy, size))
		ret = -EFAULT;
	kfree(copy);
	return ret;
}

/* What every addon's device does; the owner is the addon's module. */
static const struct file_operations chardev_operations = {
	.open = chardev_open,
	.release = chardev_release,
	.mmap = chardev_mmap,
	.poll = chardev_poll,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

int chardev_create(struct lttng_addon *addon)
{
	int ret = -ENOMEM;

	mutex_init(&addon->command_lock);
	addon->operations = chardev_operations;
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

void chardev_destroy(struct lttng_addon *addon)
{
	misc_deregister(&addon->device);
	kfree(addon->device.name);
	kfree(addon->device.nodename);
}
