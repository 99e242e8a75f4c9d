/* SPDX-License-Identifier: GPL-2.0-only */
/* What the steps of a program do: a field's bits become values in a column. */
#ifndef KIT_STEPS_H
#define KIT_STEPS_H

#include "cursor.h"
#include "decode.h"

/* The event that is read: where in the packet, into which columns. */
struct event {
	struct cursor cursor;
	struct event_class *class;	/* NULL in the header */
	uint64_t slots[SLOTS];
	uint64_t clock;
	uint64_t added;		/* bytes that it takes in columns, about */
	uint32_t step;		/* the one that failed */
};

/* Takes the steps from `first` on, up to the next STEP_END. */
enum decode_status take_steps(struct event *event, const struct step *steps, uint32_t first);

#endif
