// SPDX-License-Identifier: GPL-2.0-only
/* The kind `mean`: how many values, and how they spread. */
#include "runtime.h"

LTTNG_ADDONS_DEFINE_KIND(mean,
	.columns = { &count_column, &mean_column, &min_column, &max_column },
);
