// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters that programs may map and change as they like. All that
 * is in their memory is values: the kernel follows nothing that it reads there.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "runtime.h"

/* Called when the module has its memory, or not yet, or not any more. */
static void *value_of(const struct kernel_param *kp)
{
	const struct lttng_addons_mapped *mapped = kp->arg;

	return *mapped->values + mapped->offset;
}

static int integer_set(const char *text, const struct kernel_param *kp)
{
	s64 number;
	int ret = kstrtos64(text, 0, &number);

	if (!ret)
		WRITE_ONCE(*(s64 *)value_of(kp), number);
	return ret;
}

static int integer_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%lld\n", READ_ONCE(*(s64 *)value_of(kp)));
}

const struct kernel_param_ops lttng_addons_mapped_integer_ops = {
	.set = integer_set,
	.get = integer_get,
};
EXPORT_SYMBOL_GPL(lttng_addons_mapped_integer_ops);

static int boolean_set(const char *text, const struct kernel_param *kp)
{
	bool is_set = true;
	/* A name alone on insmod's command line stands for true. */
	int ret = text ? kstrtobool(text, &is_set) : 0;

	if (!ret)
		WRITE_ONCE(*(u8 *)value_of(kp), is_set);
	return ret;
}

static int boolean_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n", READ_ONCE(*(u8 *)value_of(kp)) ? 'Y' : 'N');
}

const struct kernel_param_ops lttng_addons_mapped_boolean_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = boolean_set,
	.get = boolean_get,
};
EXPORT_SYMBOL_GPL(lttng_addons_mapped_boolean_ops);

/* The values go where programs can map them; what is in sysfs may change meanwhile. */
int mapped_create(struct lttng_addon *addon)
{
	void *values;

	if (!addon->parameters)
		return 0;
	values = vmalloc_user(PAGE_ALIGN(addon->parameters_size));
	if (!values)
		return -ENOMEM;
	kernel_param_lock(addon->owner);
	memcpy(values, *addon->parameters, addon->parameters_size);
	addon->default_parameters = *addon->parameters;
	/* Who sees the new place sees the values there; by an address that is followed. */
	smp_store_release(addon->parameters, values);
	kernel_param_unlock(addon->owner);
	return 0;
}

/* Called when no probe is left; sysfs still has the parameters. */
void mapped_destroy(struct lttng_addon *addon)
{
	void *values;

	if (!addon->parameters)
		return;
	kernel_param_lock(addon->owner);
	values = *addon->parameters;
	memcpy(addon->default_parameters, values, addon->parameters_size);
	*addon->parameters = addon->default_parameters;
	kernel_param_unlock(addon->owner);
	vfree(values);
}

/* Map them: shared, or what a program writes would be its own; never executable. */
int mapped_map(struct lttng_addon *addon, struct vm_area_struct *vma)
{
	if (!addon->parameters || !(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	vma_forbid(vma, VM_MAYEXEC);
	return remap_vmalloc_range(vma, *addon->parameters, 0);
}
