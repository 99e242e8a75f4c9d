/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of aggregates, as probes find and write them: each CPU those of its
 * own. lttng-addons-kind-NAME.h writes one in the way of its kind. All is
 * inline, and given the aggregate as a constant: a probe has the code of its
 * kind alone.
 */
#ifndef LTTNG_ADDONS_CELL_H
#define LTTNG_ADDONS_CELL_H

#include <linux/ktime.h>
#include <linux/math64.h>

#include "lttng-addons.h"

/* The number of a series' slice of time, counted from the start of the clock. */
static __always_inline u64 lttng_addons_slice(u64 slice_ns)
{
	return div64_u64(ktime_get_mono_fast_ns(), slice_ns);
}

static __always_inline void *lttng_addons_cell_key(struct lttng_addons_cell *cell)
{
	return cell + 1;
}

/* What a kind keeps beside what all have. */
static __always_inline u64 *
lttng_addons_cell_words(const struct lttng_addons_aggregate *aggregate,
			struct lttng_addons_cell *cell)
{
	return lttng_addons_cell_key(cell) + aggregate->key_size;
}

struct lttng_addons_cell *lttng_addons_find(const struct lttng_addon *addon,
					    struct lttng_addons_cpu *cpu,
					    unsigned int aggregate, const u64 *key);

/**
 * lttng_addons_cell() - Find the cell of a key
 * @addon: the addon
 * @cpu: what lttng_addons_enter() returned
 * @aggregate: the aggregate's index in the addon's aggregates
 * @key: the key, of whole words; NULL if the aggregate has none
 * @key_size: its bytes, as a constant; 0 if the aggregate has none
 *
 * Tries the cell of the last hit first: hits come in runs.
 *
 * Context: Between lttng_addons_enter() and lttng_addons_leave().
 * Return: The cell; that of the overflow if there is no room for the key.
 */
static __always_inline struct lttng_addons_cell *
lttng_addons_cell(const struct lttng_addon *addon, struct lttng_addons_cpu *cpu,
		  unsigned int aggregate, const void *key, size_t key_size)
{
	struct lttng_addons_cell *cell = cpu->cells[aggregate];

	if (!key_size)
		return cell;
	if (likely(cell->count && !memcmp(lttng_addons_cell_key(cell), key, key_size)))
		return cell;
	return lttng_addons_find(addon, cpu, aggregate, key);
}

/* Readers see from here on that the cell is being written. */
static __always_inline u64 lttng_addons_cell_begin(struct lttng_addons_cell *cell)
{
	/* It may be odd already, if its last writer died. */
	u64 sequence = cell->sequence | 1;

	WRITE_ONCE(cell->sequence, sequence);
	/* It is odd before anything else changes; pairs with read_cell(). */
	smp_wmb();
	return sequence;
}

static __always_inline void
lttng_addons_cell_end(struct lttng_addons_cell *cell, u64 sequence)
{
	/* All else has changed before it is even; pairs with read_cell(). */
	smp_wmb();
	WRITE_ONCE(cell->sequence, sequence + 1);
}

/* Add a value to the sum: with its carry, and with the sign in all 128 bits. */
static __always_inline void
lttng_addons_cell_sum(const struct lttng_addons_aggregate *aggregate,
		      struct lttng_addons_cell *cell, u64 value)
{
	cell->sum += value;
	if (cell->sum < value)
		cell->sum_high++;
	if (aggregate->is_signed && (s64)value < 0)
		cell->sum_high--;
}

static __always_inline bool
lttng_addons_is_less(const struct lttng_addons_aggregate *aggregate, u64 a, u64 b)
{
	return aggregate->is_signed ? (s64)a < (s64)b : a < b;
}

/* Before the value is counted: the first one is both. */
static __always_inline void
lttng_addons_cell_min(const struct lttng_addons_aggregate *aggregate,
		      struct lttng_addons_cell *cell, u64 value)
{
	if (!cell->count || lttng_addons_is_less(aggregate, value, cell->min))
		cell->min = value;
}

static __always_inline void
lttng_addons_cell_max(const struct lttng_addons_aggregate *aggregate,
		      struct lttng_addons_cell *cell, u64 value)
{
	if (!cell->count || lttng_addons_is_less(aggregate, cell->max, value))
		cell->max = value;
}

#endif /* LTTNG_ADDONS_CELL_H */
