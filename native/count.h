/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts how often each value occurs, in a hash table that the caller keeps. */
#ifndef KIT_COUNT_H
#define KIT_COUNT_H

#include <stddef.h>
#include <stdint.h>

/* A value and how often it was seen (0: the entry is free), and which of the values it was when it was new. */
struct counted {
	uint64_t value;
	uint64_t count;
	uint64_t row;
};

/*
 * Counts values into a table of `capacity` (a power of two) entries; ends where it would use more than three quarters.
 * Returns how many values it took; `*used` is how many entries are in use.
 */
size_t count_values(struct counted *table, size_t capacity, size_t *used, const uint64_t *values, size_t count);

/* Moves all entries of a table into an empty one, which has more room. */
void move_counts(struct counted *to, size_t to_capacity, const struct counted *from, size_t from_capacity);

/* Counts hashes for an estimate of how many different ones there are (HyperLogLog); 1 << `bits` registers. */
void note_hashes(uint8_t *registers, unsigned int bits, const uint64_t *values, size_t count);

/* What stands for bytes; two may give the same once in a blue moon. */
uint64_t hash_bytes(const uint8_t *bytes, size_t size);

#endif
