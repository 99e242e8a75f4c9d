// SPDX-License-Identifier: GPL-2.0-only
/* The kind `min`: the least value. */
#include "runtime.h"

LTTNG_ADDONS_DECLARE_KIND(min);

const struct lttng_addons_kind lttng_addons_kind_min = {
	.columns = { &min_column },
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_min);
