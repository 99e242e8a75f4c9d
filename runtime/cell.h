/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a cell, and how values are added to it. Inline, as each call
 * would cost every hit.
 */
#ifndef CELL_H
#define CELL_H

#include "lttng-addons.h"

static inline void *cell_at(const struct lttng_addons_cpu *cpu,
			    const struct lttng_addons_table *table, u32 index)
{
	return cpu->memory + table->cells_offset + (size_t)index * table->cell_size;
}

static inline u64 *overflow_of(const struct lttng_addons_cpu *cpu,
			       const struct lttng_addons_table *table)
{
	return cpu->memory + table->overflow_offset;
}

/* The key of a cell, and behind it the buckets. */
static inline void *cell_key(void *cell)
{
	return cell + sizeof(struct lttng_addons_cell);
}

static inline u64 *cell_buckets(void *cell, const struct lttng_addons_table *table)
{
	return cell_key(cell) + ALIGN(table->key_size, 8);
}

static inline bool is_less(const struct lttng_addons_aggregate *aggregate, u64 a, u64 b)
{
	return aggregate->is_signed ? (s64)a < (s64)b : a < b;
}

static inline void take_extremes(const struct lttng_addons_aggregate *aggregate,
				 struct lttng_addons_cell *cell, u64 min, u64 max)
{
	if (!cell->count || is_less(aggregate, min, cell->min))
		cell->min = min;
	if (!cell->count || is_less(aggregate, cell->max, max))
		cell->max = max;
}

/* Add a value to the sum: with its carry, and with the sign in all 128 bits. */
static inline void add_value(const struct lttng_addons_aggregate *aggregate,
			     struct lttng_addons_cell *cell, u64 value)
{
	cell->sum += value;
	if (cell->sum < value)
		cell->sum_high++;
	if (aggregate->is_signed && (s64)value < 0)
		cell->sum_high--;
}

#endif /* CELL_H */
