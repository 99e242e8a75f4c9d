// SPDX-License-Identifier: GPL-2.0-only
#include "count.h"

#include <string.h>

/* SplitMix64's finalizer (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

uint64_t hash_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t hash = size * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t word;

	for (; size >= sizeof(word); size -= sizeof(word), bytes += sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = mix(hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
	}
	word = 0;
	while (size)
		word = word << 8 | bytes[--size];
	return mix(hash ^ word);
}

size_t count_values(struct counted *table, size_t capacity, size_t *used, const uint64_t *values, size_t count)
{
	size_t most = capacity / 2;
	size_t index;

	for (index = 0; index < count; index++) {
		uint64_t value = values[index];
		size_t at = mix(value) & (capacity - 1);

		while (table[at].count && table[at].value != value)
			at = (at + 1) & (capacity - 1);
		if (!table[at].count) {
			if (*used >= most)
				return index;
			(*used)++;
			table[at].value = value;
			table[at].row = index;
		}
		table[at].count++;
	}
	return count;
}
