/* SPDX-License-Identifier: GPL-2.0-only */
/* What writers do with a table, one at a time: under its lock. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include "lttng-addons-lookup.h"

/* A key as a table has it: a number, or a text that is filled up with NUL. */
struct lookup_key {
	u64 words[LTTNG_ADDONS_TEXT_KEY_SIZE / sizeof(u64)];
};

int lookup_set(struct lttng_addons_lookup *table, const struct lookup_key *key, u64 value);
int lookup_get(const struct lttng_addons_lookup *table, const struct lookup_key *key,
	       u64 *value);
int lookup_delete(struct lttng_addons_lookup *table, const struct lookup_key *key);
struct lttng_addons_lookup_cell *lookup_next(const struct lttng_addons_lookup *table,
					     u32 *at);

#endif /* LOOKUP_H */
