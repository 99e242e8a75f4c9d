// SPDX-License-Identifier: GPL-2.0-only
/* The kind `top`: the heaviest keys; aggregate.c lets them give way. */
#include "lttng-addons-kind-top.h"
#include "runtime.h"

static struct wide least_of(const struct lttng_addons_aggregate *aggregate,
			    struct lttng_addons_cell *cell)
{
	return wide(cell->sum - lttng_addons_cell_words(aggregate, cell)[0], false);
}

static const struct column least_column = { "at least", least_of };

LTTNG_ADDONS_DECLARE_KIND(top);

const struct lttng_addons_kind lttng_addons_kind_top = {
	.columns = { &least_column },
	.gives_way = true,
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_top);
