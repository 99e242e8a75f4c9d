/* SPDX-License-Identifier: GPL-2.0-only */
/* How texts and addresses get into keys, records and spans. */
#ifndef LTTNG_ADDONS_COPY_H
#define LTTNG_ADDONS_COPY_H

#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

/**
 * lttng_addons_text() - Copy a text, and fill up with NUL
 * @to: where to, @size bytes
 * @from: the text; it ends with a NUL or after @size bytes
 * @size: bytes of the array
 */
static inline void lttng_addons_text(char *to, const char *from, size_t size)
{
	size_t length = strnlen(from, size);

	memcpy(to, from, length);
	memset(to + length, 0, size - length);
}

/**
 * lttng_addons_array_text() - Copy a text out of an array, and fill up with NUL
 * @to: where to, @size bytes
 * @from: the array of @size bytes; all of them can be read
 * @size: its size, as a constant
 *
 * The same as lttng_addons_text(), 8 bytes at a time.
 */
static __always_inline void lttng_addons_array_text(char *to, const char *from,
						    size_t size)
{
	const u64 ones = 0x0101010101010101ULL;
	u64 word, ends, keep = U64_MAX;
	size_t at;

	for (at = 0; at < size; at += sizeof(word)) {
		size_t part = min(size - at, sizeof(word));

		word = 0;
		memcpy(&word, from + at, part);
		word = le64_to_cpu((__force __le64)word) & keep;
		/* The high bit of the first byte that is 0. */
		ends = (word - ones) & ~word & (ones << 7);
		if (ends) {
			word &= ((ends & -ends) >> 7) - 1;
			keep = 0;
		}
		word = (__force u64)cpu_to_le64(word);
		memcpy(to + at, &word, part);
	}
}

/**
 * lttng_addons_addresses() - Copy addresses, and fill up with 0
 * @to: where to, @size bytes
 * @from: the addresses
 * @length: how many there are; they fit
 * @size: bytes of the array
 */
static __always_inline void lttng_addons_addresses(u64 *to, const unsigned long *from,
						   unsigned int length, size_t size)
{
	memcpy(to, from, length * sizeof(*to));
	memset(to + length, 0, size - length * sizeof(*to));
}

#endif /* LTTNG_ADDONS_COPY_H */
