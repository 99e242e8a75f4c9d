// SPDX-License-Identifier: GPL-2.0-only
/* The kind `count`: how often. */
#include "runtime.h"

LTTNG_ADDONS_DECLARE_KIND(count);

const struct lttng_addons_kind lttng_addons_kind_count = {
	.columns = { &count_column },
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_count);
