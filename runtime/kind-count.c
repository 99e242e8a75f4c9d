// SPDX-License-Identifier: GPL-2.0-only
/* The kind `count`: how often. */
#include "runtime.h"

LTTNG_ADDONS_DEFINE_KIND(count, .columns = { &count_column });
