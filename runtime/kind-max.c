// SPDX-License-Identifier: GPL-2.0-only
/* The kind `max`: the greatest value. */
#include "runtime.h"

LTTNG_ADDONS_DEFINE_KIND(max, .columns = { &max_column });
