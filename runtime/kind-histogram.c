// SPDX-License-Identifier: GPL-2.0-only
/* The kind `histogram`: the same as a mean; histogram.c shows its buckets. */
#include "runtime.h"

LTTNG_ADDONS_DEFINE_KIND(histogram, &count_column, &mean_column, &min_column, &max_column);
