/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernels from 6.1 to 7.2 call by different names. */
#ifndef LTTNG_ADDONS_COMPAT_H
#define LTTNG_ADDONS_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>

/* Refuse what mprotect() could add to a mapping: VM_MAYWRITE, VM_MAYEXEC. */
static inline void vma_forbid(struct vm_area_struct *vma, unsigned long flags)
{
#if KERNEL_VERSION(6, 3, 0) <= LINUX_VERSION_CODE
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

#endif /* LTTNG_ADDONS_COMPAT_H */
