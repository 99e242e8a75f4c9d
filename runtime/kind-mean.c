// SPDX-License-Identifier: GPL-2.0-only
/* The kind `mean`: how many values, and how they spread. */
#include "runtime.h"

LTTNG_ADDONS_DECLARE_KIND(mean);

const struct lttng_addons_kind lttng_addons_kind_mean = {
	.columns = { &count_column, &mean_column, &min_column, &max_column },
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_mean);
