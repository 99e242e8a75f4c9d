// SPDX-License-Identifier: GPL-2.0-only
#include "count.h"

#include <string.h>

/*
 * Spreads values over 64 bits, no two to the same: the finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable
 * pseudorandom number generators, 2014).
 */
static inline uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

/* The last bytes as a number, the first lowest; less than 8. */
static inline uint64_t last_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t word = 0;
	uint32_t half;

	if (size >= sizeof(half)) {
		memcpy(&half, bytes + size - sizeof(half), sizeof(half));
		word = (uint64_t)half << 32;
		memcpy(&half, bytes, sizeof(half));
		return word | half;
	}
	while (size)
		word = word << 8 | bytes[--size];
	return word;
}

uint64_t hash_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t hash = size * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t word;

	for (; size >= sizeof(word); size -= sizeof(word), bytes += sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = mix(hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
	}
	return mix(hash ^ last_bytes(bytes, size));
}

void note_hashes(uint8_t *registers, unsigned int bits, const uint64_t *values, size_t count)
{
	size_t index;

	for (index = 0; index < count; index++) {
		uint64_t hash = mix(values[index]);
		uint8_t *at = &registers[hash >> (64 - bits)];
		/* The place of the first bit that is set, of those that don't choose the register. */
		uint8_t rank = 1 + __builtin_clzll(hash << bits | UINT64_C(1) << (bits - 1));

		if (rank > *at)
			*at = rank;
	}
}

/* Where a value is in a table, or the free entry where it belongs; a table is never full. */
static inline size_t find(const struct counted *table, size_t capacity, uint64_t value)
{
	size_t at = mix(value) & (capacity - 1);

	while (table[at].count && table[at].value != value)
		at = (at + 1) & (capacity - 1);
	return at;
}

size_t count_values(struct counted *table, size_t capacity, size_t *used, const uint64_t *values, size_t count)
{
	size_t most = capacity / 4 * 3;
	size_t index, at;

	for (index = 0; index < count; index++) {
		at = find(table, capacity, values[index]);
		if (!table[at].count) {
			if (*used >= most)
				return index;
			(*used)++;
			table[at].value = values[index];
			table[at].row = index;
		}
		table[at].count++;
	}
	return count;
}

void move_counts(struct counted *to, size_t to_capacity, const struct counted *from, size_t from_capacity)
{
	size_t index;

	for (index = 0; index < from_capacity; index++)
		if (from[index].count)
			to[find(to, to_capacity, from[index].value)] = from[index];
}
