/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the events of a packet into the columns of their classes. */
#ifndef KIT_DECODE_H
#define KIT_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "program.h"

enum decode_status {
	DECODE_DONE,	/* the packet's end */
	DECODE_FULL,	/* the columns hold as much as they may: to be taken, and gone on */
	DECODE_MORE,	/* the next event isn't whole in the bytes given, but may be in the packet */
	DECODE_PAST_END,
	DECODE_UNKNOWN_EVENT,
	DECODE_NO_OPTION,
	DECODE_EMPTY_EVENT,
	DECODE_TOO_LONG,
	DECODE_NO_MEMORY,
};

/* Where decoding stands; `at` and `end` are bits from the beginning of the bytes. */
struct decode_state {
	uint64_t at;
	uint64_t end;
	uint64_t clock;
	uint64_t events;	/* read so far, of all classes */
	uint64_t held;		/* bytes that the columns of all classes hold, about */
	uint64_t most;		/* that they may hold */
	uint32_t most_rows;	/* that those of one class may have */
	uint32_t step;		/* that failed */
};

/*
 * Reads whole events up to `state->end`, or to the end of `data` if that comes first; an event that can't be read
 * leaves nothing behind, and `state->at` is its beginning. Never reads outside of `data`.
 */
enum decode_status decode(struct program *program, struct decode_state *state, const uint8_t *data, size_t size);

#endif
