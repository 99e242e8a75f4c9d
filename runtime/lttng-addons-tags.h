/* SPDX-License-Identifier: GPL-2.0-only */
/* Eight tags in a word: which of them are the one that is looked for. */
#ifndef LTTNG_ADDONS_TAGS_H
#define LTTNG_ADDONS_TAGS_H

#include <linux/types.h>

#define LTTNG_ADDONS_TAG_IN_ALL_BYTES	0x0101010101010101ULL

/* The high bit of each byte that is 0, and perhaps of one of 1 above it. */
static __always_inline u64 lttng_addons_zero_bytes(u64 word)
{
	return (word - LTTNG_ADDONS_TAG_IN_ALL_BYTES) & ~word &
		(LTTNG_ADDONS_TAG_IN_ALL_BYTES << 7);
}

#endif /* LTTNG_ADDONS_TAGS_H */
