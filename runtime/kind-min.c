// SPDX-License-Identifier: GPL-2.0-only
/* The kind `min`: the least value. */
#include "runtime.h"

LTTNG_ADDONS_DEFINE_KIND(min, .columns = { &min_column });
