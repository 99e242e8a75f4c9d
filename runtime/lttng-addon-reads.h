/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads of memory that may not be there, and of user space. None of them
 * faults, so all of them work in probes; those that fail are counted.
 *
 * A read through NULL is an answer, not a failure: it isn't counted.
 */
#ifndef LTTNG_ADDON_READS_H
#define LTTNG_ADDON_READS_H

#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

/*
 * NULL, and members of a struct at NULL, are below this; nothing else is
 * (vm.mmap_min_addr in Documentation/admin-guide/sysctl/vm.rst).
 */
#define LTTNG_ADDON_LEAST_ADDRESS	65536

/* Of each CPU for itself; root reads the sum in the module parameter faults. */
static DEFINE_PER_CPU(u64, lttng_addon_faults);

static int lttng_addon_faults_get(char *buffer, const struct kernel_param *kp)
{
	u64 faults = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		faults += READ_ONCE(*per_cpu_ptr(&lttng_addon_faults, cpu));
	return sysfs_emit(buffer, "%llu\n", faults);
}

static const struct kernel_param_ops lttng_addon_faults_ops = {
	.get = lttng_addon_faults_get,
};
module_param_cb(faults, &lttng_addon_faults_ops, NULL, 0400);
MODULE_PARM_DESC(faults, "reads that failed, and gave 0 or no text");

static inline void lttng_addon_count_fault(const void *address)
{
	if ((unsigned long)address >= LTTNG_ADDON_LEAST_ADDRESS)
		this_cpu_inc(lttng_addon_faults);
}

/*
 * What functions are called with and return may be NULL, an error number, or
 * lead to user space, which is in the lower half of all addresses.
 */
static inline bool is_kernel_pointer(const void *pointer)
{
	if ((long)pointer >= 0) {
		lttng_addon_count_fault(pointer);
		return false;
	}
	return !IS_ERR(pointer);
}

/* As copy_from_kernel_nofault(). */
static inline long nofault_read(void *to, const void *from, size_t size)
{
	long error = copy_from_kernel_nofault(to, from, size);

	if (error)
		lttng_addon_count_fault(from);
	return error;
}

/* As copy_from_user_nofault(), which also checks that it is user space. */
static inline long nofault_user_read(void *to, const void __user *from,
				     size_t size)
{
	long error = copy_from_user_nofault(to, from, size);

	if (error)
		lttng_addon_count_fault((__force const void *)from);
	return error;
}

/*
 * Copies text that ends at its NUL or after size - 1 bytes. Reads no page
 * beyond that NUL, since it may not be there.
 */
static __always_inline long lttng_addon_copy_text(char *to, unsigned long from,
						  size_t size, bool is_user)
{
	size_t done = 0, chunk, length;
	long error;

	while (done < size - 1) {
		chunk = PAGE_SIZE - offset_in_page(from + done);
		chunk = min_t(size_t, size - 1 - done, chunk);
		if (is_user)
			error = nofault_user_read(to + done,
						  (void __user *)(from + done),
						  chunk);
		else
			error = nofault_read(to + done, (void *)(from + done),
					     chunk);
		if (error)
			return error;
		length = strnlen(to + done, chunk);
		done += length;
		if (length < chunk)
			break;
	}
	to[done] = '\0';
	return 0;
}

static inline long nofault_text(char *to, const char *from, size_t size)
{
	return lttng_addon_copy_text(to, (unsigned long)from, size, false);
}

static inline long nofault_user_text(char *to, const char __user *from,
				     size_t size)
{
	return lttng_addon_copy_text(to, (__force unsigned long)from, size,
				     true);
}

#endif /* LTTNG_ADDON_READS_H */
