// SPDX-License-Identifier: GPL-2.0-only
/* The kind `sum`: all values together. */
#include "runtime.h"

LTTNG_ADDONS_DEFINE_KIND(sum, .columns = { &sum_column });
