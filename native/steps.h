/* SPDX-License-Identifier: GPL-2.0-only */
/* What the steps of a program do: a field's bits become values in a column. */
#ifndef KIT_STEPS_H
#define KIT_STEPS_H

#include "cursor.h"
#include "decode.h"

/* The event that is read: where in the packet, into which columns. */
struct event {
	struct decode_state *state;
	struct cursor cursor;
	struct event_class *class;
	struct column *columns;		/* its own */
	uint64_t slots[SLOTS];
	uint64_t clock;
	uint64_t added;		/* bytes of text and lists */
	uint32_t row;
};

/* Takes any step but a jump. */
enum decode_status take_step(struct event *event, const struct step *step);

/* Whether a jump's slot holds a value of its range. */
bool is_between(uint64_t value, const struct step *step);

/* Puts the lower `width` bytes of a value at a place that may be aligned to nothing. */
void store(void *place, uint64_t value, uint32_t width);

#endif
