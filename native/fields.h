/* SPDX-License-Identifier: GPL-2.0-only */
/* Fields of any size: what goes into columns that grow by themselves. */
#ifndef KIT_FIELDS_H
#define KIT_FIELDS_H

#include "steps.h"

/* Adds a number to a column that not all events have a value in. */
enum decode_status add_optional(struct event *event, const struct step *step, uint64_t value);

/* Any text; take_steps() has a quicker way for those that every event has. */
enum decode_status add_ended_text(struct event *event, const struct step *step);
enum decode_status add_sized_text(struct event *event, const struct step *step);
enum decode_status add_list(struct event *event, const struct step *step);

/* A word's bits that are set from its first NUL on, in the order of memory of a host that is little endian. */
static inline uint64_t nul_bits(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (word - ones) & ~word & (ones << 7);
}

static inline uint64_t sign_extended(uint64_t value, unsigned int size)
{
	uint64_t sign = UINT64_C(1) << (size - 1);

	return (value ^ sign) - sign;
}

/* Reads the number of a step, whose bits are there. */
static inline __attribute__((always_inline)) uint64_t read_number(struct cursor *cursor, const struct step *step)
{
	uint64_t value = cursor_read(cursor, step->size, step->flags & FLAG_BIG_ENDIAN);

	return step->flags & FLAG_SIGNED ? sign_extended(value, step->size) : value;
}

/* Puts the lower `width` bytes of a value at a place that may be aligned to nothing. */
static inline void store(void *place, uint64_t value, uint32_t width)
{
	uint8_t byte = value;
	uint16_t half = value;
	uint32_t word = value;

	switch (width) {
	case 1:
		memcpy(place, &byte, sizeof(byte));
		break;
	case 2:
		memcpy(place, &half, sizeof(half));
		break;
	case 4:
		memcpy(place, &word, sizeof(word));
		break;
	default:
		memcpy(place, &value, sizeof(value));
	}
}

#endif
