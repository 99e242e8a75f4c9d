/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a stream's events are laid out, as a table: steps, of which an event takes those of its stream's header, then
 * those of its class. Steps only lead forward, so that no table is read forever. trace/own/program.py makes tables;
 * program_is_sound() refuses what would not be safe to follow.
 */
#ifndef KIT_PROGRAM_H
#define KIT_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "buffer.h"

#define NOWHERE UINT32_MAX
#define SLOTS 64
#define EVENT_ID_SLOT 0
#define MOST_IDS 65536
#define LARGEST_ALIGN 4096

enum step_kind {
	STEP_END,	/* the last of the header, and of each class */
	STEP_JUMP,	/* to `target` */
	STEP_JUMP_IF,	/* to `target` if what is in `slot` lies between `low` and `high` */
	STEP_FAIL,	/* no option fits */
	STEP_ALIGN,	/* to `align` */
	STEP_NUMBER,	/* `size` bits into `column` and `slot`, either may be NOWHERE */
	STEP_CLOCK,	/* `size` bits, the low ones of the clock */
	STEP_TEXT,	/* up to a NUL, into `column` */
	STEP_SIZED_TEXT,	/* `length` bytes, or as many as `slot` says, up to a NUL, into `column` */
	STEP_LIST,	/* `length` numbers of `size` bits, or as many as `slot` says, into `column` */
	/* What program_quicken() makes of a STEP_NUMBER that every event has, and that begins where the last step ended. */
	STEP_BYTES_1,
	STEP_BYTES_2,
	STEP_BYTES_4,
	STEP_BYTES_8,
};

enum step_flag {
	FLAG_SIGNED = 1,
	FLAG_BIG_ENDIAN = 2,
};

struct step {
	uint32_t kind;
	uint32_t flags;
	uint32_t size;
	uint32_t align;
	uint32_t column;	/* of the class, the first is 0 */
	uint32_t slot;
	uint32_t length;	/* where `slot` is NOWHERE */
	uint32_t target;
	uint64_t low;
	uint64_t high;
};

/* What a column is: `width` bytes an element; lists and text have offsets, options of variants have rows. */
struct column_layout {
	uint32_t width;
	uint32_t has_offsets;
	uint32_t has_rows;
};

struct column {
	struct column_layout layout;
	struct buffer data;
	struct buffer offsets;
	struct buffer rows;
};

struct class_layout {
	uint32_t id;
	uint32_t first_step;
	uint32_t end_step;
	uint32_t first_column;
	uint32_t column_count;
};

/* Times, plain columns and the offsets of those without rows have room for `room` events; all else grows by itself. */
struct event_class {
	struct class_layout layout;
	struct column *columns;
	struct buffer times;
	uint32_t count;		/* events */
	uint32_t room;
	uint32_t row_size;	/* bytes that each event takes at least */
	uint64_t held;		/* bytes that all its events take, about */
};

struct program {
	struct step *steps;
	struct column *columns;
	struct event_class *classes;
	uint32_t *class_of_id;	/* MOST_IDS of them; NOWHERE: none */
	uint32_t step_count;
	uint32_t column_count;
	uint32_t class_count;
	uint32_t header_steps;	/* the first steps */
};

/* Whether following the table touches nothing but what it has: asked once, so that decode() checks data alone. */
bool program_is_sound(const struct program *program);

/* Makes steps quicker that have a simpler form; of a sound program. */
void program_quicken(struct program *program);

/* Whether a column has one number for every event. */
static inline bool column_is_plain(const struct column *column)
{
	return !column->layout.has_offsets && !column->layout.has_rows;
}

/* Where value number `index` of a column with offsets begins; the offsets are there up to it, but for the first. */
static inline uint32_t column_offset(const struct column *column, size_t index)
{
	uint32_t offset;

	if (!index)
		return 0;
	memcpy(&offset, column->offsets.bytes + index * sizeof(offset), sizeof(offset));
	return offset;
}

static inline bool is_little_endian_host(void)
{
	const uint16_t one = 1;

	return *(const uint8_t *)&one == 1;
}

#endif
