/* SPDX-License-Identifier: GPL-2.0-only */
/* What a program gave a system call. */
#ifndef LTTNG_ADDON_CALLER_H
#define LTTNG_ADDON_CALLER_H

#include <linux/ptrace.h>

/**
 * lttng_addon_caller() - Find the registers of a system call's caller
 * @regs: the registers at the entry of the system call's function, which has no
 *	other argument
 *
 * Return: The caller's registers, as it had them in user space.
 */
static __always_inline struct pt_regs *lttng_addon_caller(struct pt_regs *regs)
{
	return (struct pt_regs *)regs_get_kernel_argument(regs, 0);
}

#endif /* LTTNG_ADDON_CALLER_H */
