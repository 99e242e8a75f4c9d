/* SPDX-License-Identifier: GPL-2.0-only */
/* A place in a packet, in bits; whoever reads checks with cursor_has() first (CTF 1.8.3, 4.1.5: order of bits). */
#ifndef KIT_CURSOR_H
#define KIT_CURSOR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *data;
	uint64_t at;	/* bits */
	uint64_t end;	/* bits; data has so many, whole bytes */
};

static inline bool cursor_has(const struct cursor *cursor, uint64_t bits)
{
	return cursor->at <= cursor->end && bits <= cursor->end - cursor->at;
}

/* `align` is a power of two. */
static inline bool cursor_align(struct cursor *cursor, uint64_t align)
{
	cursor->at = (cursor->at + align - 1) & ~(align - 1);
	return cursor->at <= cursor->end;
}

/* Goes on to where a number begins; false where it isn't whole. */
static inline bool cursor_begin(struct cursor *cursor, uint64_t align, uint64_t size)
{
	return cursor_align(cursor, align) && size <= cursor->end - cursor->at;
}

static inline const uint8_t *cursor_bytes(const struct cursor *cursor)
{
	return cursor->data + cursor->at / 8;
}

/* Up to 64 bits that begin and end within bytes: those of at most 9 bytes, the first of them the lowest. */
static inline uint64_t little_bits(const uint8_t *bytes, unsigned int skip, unsigned int size)
{
	unsigned int count = (skip + size + 7) / 8;
	unsigned int index;
	uint64_t value = 0;

	for (index = 0; index < count && index < 8; index++)
		value |= (uint64_t)bytes[index] << (8 * index);
	value >>= skip;
	if (count == 9)
		value |= (uint64_t)bytes[8] << (64 - skip);
	return size == 64 ? value : value & ((UINT64_C(1) << size) - 1);
}

/* The same, the first of the bits the highest. */
static inline uint64_t big_bits(const uint8_t *bytes, unsigned int skip, unsigned int size)
{
	unsigned int count = (skip + size + 7) / 8;
	unsigned int unused = 8 * count - skip - size;
	unsigned int index;
	uint64_t value = 0;

	for (index = 0; index < count && index < 8; index++)
		value = value << 8 | bytes[index];
	if (count == 9)
		value = value << (8 - unused) | bytes[8] >> unused;
	else
		value >>= unused;
	return size == 64 ? value : value & ((UINT64_C(1) << size) - 1);
}

static inline uint64_t whole_bytes(const uint8_t *bytes, unsigned int size, bool big)
{
	uint16_t half;
	uint32_t word;
	uint64_t twice;

	switch (size) {
	case 8:
		return *bytes;
	case 16:
		memcpy(&half, bytes, sizeof(half));
		return big ? __builtin_bswap16(half) : half;
	case 32:
		memcpy(&word, bytes, sizeof(word));
		return big ? __builtin_bswap32(word) : word;
	default:
		memcpy(&twice, bytes, sizeof(twice));
		return big ? __builtin_bswap64(twice) : twice;
	}
}

/* Reads 1 to 64 bits, of which cursor_has() said that they are there, and goes on behind them. */
static inline __attribute__((always_inline)) uint64_t cursor_read(struct cursor *cursor, unsigned int size, bool big)
{
	const uint8_t *bytes = cursor_bytes(cursor);
	unsigned int skip = cursor->at % 8;

	cursor->at += size;
	if (!skip && (size == 8 || size == 16 || size == 32 || size == 64))
		return whole_bytes(bytes, size, big);
	return big ? big_bits(bytes, skip, size) : little_bits(bytes, skip, size);
}

#endif
