// SPDX-License-Identifier: GPL-2.0-only
/* The kind `max`: the greatest value. */
#include "runtime.h"

LTTNG_ADDONS_DECLARE_KIND(max);

const struct lttng_addons_kind lttng_addons_kind_max = {
	.columns = { &max_column },
};
EXPORT_SYMBOL_GPL(lttng_addons_kind_max);
