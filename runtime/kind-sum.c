// SPDX-License-Identifier: GPL-2.0-only
/* The kind `sum`: all values together. */
#include "runtime.h"

LTTNG_ADDONS_DECLARE_KIND(sum);

const struct lttng_addons_kind lttng_addons_kind_sum = {
	.columns = { &sum_column },
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_sum);
