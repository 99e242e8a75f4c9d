/* SPDX-License-Identifier: GPL-2.0-only */
/* The kind `count`: how often. */
#ifndef LTTNG_ADDONS_KIND_COUNT_H
#define LTTNG_ADDONS_KIND_COUNT_H

#include "lttng-addons-cell.h"

static __always_inline void
lttng_addons_add_count(const struct lttng_addons_aggregate *aggregate,
		       struct lttng_addons_cell *cell, u64 value)
{
	u64 sequence = lttng_addons_cell_begin(cell);

	cell->count++;
	lttng_addons_cell_end(cell, sequence);
}

#endif /* LTTNG_ADDONS_KIND_COUNT_H */
