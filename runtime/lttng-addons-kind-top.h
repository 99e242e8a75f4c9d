/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kind `top`: the heaviest keys, by the sum of their values. A key without
 * room takes the cell of the lightest one, and begins with what that had: its
 * word is how much of the sum is not its own.
 */
#ifndef LTTNG_ADDONS_KIND_TOP_H
#define LTTNG_ADDONS_KIND_TOP_H

#include "lttng-addons-cell.h"

static __always_inline void
lttng_addons_add_top(const struct lttng_addons_aggregate *aggregate,
		     struct lttng_addons_cell *cell, u64 value)
{
	u64 sequence = lttng_addons_cell_begin(cell);

	cell->sum += value;
	cell->count++;
	lttng_addons_cell_end(cell, sequence);
}

#endif /* LTTNG_ADDONS_KIND_TOP_H */
