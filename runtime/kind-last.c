// SPDX-License-Identifier: GPL-2.0-only
/* The kind `last`: the newest value of all CPUs. */
#include "lttng-addons-kind-last.h"
#include "runtime.h"

static struct wide last_of(const struct lttng_addons_aggregate *aggregate,
			   struct lttng_addons_cell *cell)
{
	return wide(lttng_addons_cell_words(aggregate, cell)[0], aggregate->is_signed);
}

static void take_newer(u64 *into, const u64 *words)
{
	if (words[1] <= into[1])
		return;
	into[0] = words[0];
	into[1] = words[1];
}

static const struct column last_column = { "last", last_of };

LTTNG_ADDONS_DECLARE_KIND(last);

const struct lttng_addons_kind lttng_addons_kind_last = {
	.columns = { &count_column, &last_column },
	.merge = take_newer,
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_last);
