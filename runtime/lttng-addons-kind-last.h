/* SPDX-License-Identifier: GPL-2.0-only */
/* The kind `last`: the newest value; its words are that, and when it came. */
#ifndef LTTNG_ADDONS_KIND_LAST_H
#define LTTNG_ADDONS_KIND_LAST_H

#include <linux/ktime.h>

#include "lttng-addons-cell.h"

static __always_inline void
lttng_addons_add_last(const struct lttng_addons_aggregate *aggregate,
		      struct lttng_addons_cell *cell, u64 value)
{
	u64 *words = lttng_addons_cell_words(aggregate, cell);
	u64 sequence = lttng_addons_cell_begin(cell);

	words[0] = value;
	words[1] = ktime_get_mono_fast_ns();
	cell->count++;
	lttng_addons_cell_end(cell, sequence);
}

#endif /* LTTNG_ADDONS_KIND_LAST_H */
