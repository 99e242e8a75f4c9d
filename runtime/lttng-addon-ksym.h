/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of addresses in the kernel, for probes. */
#ifndef LTTNG_ADDON_KSYM_H
#define LTTNG_ADDON_KSYM_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * lttng_addon_ksym() - Get the name of what is at an address
 * @to: where to
 * @size: bytes that there is room for
 * @address: in code or data of the kernel or a module
 *
 * It searches the tables of symbols, which takes microseconds and no lock.
 *
 * Context: Any, NMI too.
 * Return: @to, with "NAME", or "NAME+0x12" within it; "0x..." where nothing
 * has a name; "" for 0.
 */
static inline const char *lttng_addon_ksym(char *to, size_t size,
					   unsigned long address)
{
	char *offset;

	to[0] = '\0';
	if (!address)
		return to;
	/* NAME+OFFSET/SIZE [MODULE] */
	snprintf(to, size, "%pS", (void *)address);
	to[strcspn(to, "/")] = '\0';
	offset = strchr(to, '+');
	if (offset && !strcmp(offset, "+0x0"))
		*offset = '\0';
	return to;
}

#endif /* LTTNG_ADDON_KSYM_H */
