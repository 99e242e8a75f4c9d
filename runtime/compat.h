/* SPDX-License-Identifier: GPL-2.0-only */
/* What kernels from 6.1 to 7.2 call by different names. */
#ifndef LTTNG_ADDONS_COMPAT_H
#define LTTNG_ADDONS_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>

/* Refuse mprotect(PROT_WRITE) and mprotect(PROT_EXEC) on a mapping. */
static inline void vma_forbid_write(struct vm_area_struct *vma)
{
#if KERNEL_VERSION(6, 3, 0) <= LINUX_VERSION_CODE
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
#else
	vma->vm_flags &= ~(VM_MAYWRITE | VM_MAYEXEC);
#endif
}

#endif /* LTTNG_ADDONS_COMPAT_H */
