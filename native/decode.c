// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include "steps.h"

#define FEWEST_ROWS 64

static void shrink(struct buffer *buffer, size_t used)
{
	if (buffer->used > used)
		buffer->used = used;
}

static uint32_t last_of(const struct buffer *numbers)
{
	uint32_t last = 0;

	if (numbers->used)
		memcpy(&last, numbers->bytes + numbers->used - sizeof(last), sizeof(last));
	return last;
}

/* Forgets what a column has of an event after the first `count`. */
static void forget_value(struct column *column, uint32_t count)
{
	size_t values = count;

	if (column->layout.has_rows) {
		if (column->rows.used && last_of(&column->rows) == count)
			column->rows.used -= sizeof(uint32_t);
		values = column->rows.used / sizeof(uint32_t);
	}
	if (column->layout.has_offsets)
		values = column_offset(column, values);
	shrink(&column->data, values * column->layout.width);
}

static void forget_event(struct event_class *class)
{
	uint32_t index;

	for (index = 0; index < class->layout.column_count; index++)
		if (!column_is_plain(&class->columns[index]))
			forget_value(&class->columns[index], class->count);
}

/* Makes room for an event more in the columns that have one number for each. */
static bool grow_rows(struct event_class *class)
{
	uint32_t room = class->room ? 2 * class->room : FEWEST_ROWS;
	uint32_t index;

	if (class->room > UINT32_MAX / 2 || !buffer_reserve(&class->times, room * sizeof(uint64_t)))
		return false;
	for (index = 0; index < class->layout.column_count; index++) {
		struct column *column = &class->columns[index];

		if (column->layout.has_rows)
			continue;
		if (column->layout.has_offsets ?
			    !buffer_reserve(&column->offsets, (room + (size_t)1) * sizeof(uint32_t)) :
			    !buffer_reserve(&column->data, (size_t)room * column->layout.width))
			return false;
	}
	class->room = room;
	return true;
}

static struct event_class *find_class(const struct program *program, uint64_t id)
{
	uint32_t index = id < MOST_IDS ? program->class_of_id[id] : NOWHERE;

	return index == NOWHERE ? NULL : &program->classes[index];
}

static enum decode_status read_header(const struct program *program, struct event *event)
{
	enum decode_status status;

	event->slots[EVENT_ID_SLOT] = 0;
	event->class = NULL;
	status = take_steps(event, program->steps, 0);
	if (status)
		return status;
	event->class = find_class(program, event->slots[EVENT_ID_SLOT]);
	return event->class ? DECODE_DONE : DECODE_UNKNOWN_EVENT;
}

static enum decode_status read_fields(const struct program *program, struct event *event, uint64_t begin)
{
	struct event_class *class = event->class;
	enum decode_status status;

	if (class->count == class->room && !grow_rows(class))
		return DECODE_NO_MEMORY;
	event->added = class->row_size;
	status = take_steps(event, program->steps, class->layout.first_step);
	if (!status && event->cursor.at == begin)
		status = DECODE_EMPTY_EVENT;
	if (status) {
		forget_event(class);
		return status;
	}
	memcpy(class->times.bytes + class->count * sizeof(event->clock), &event->clock, sizeof(event->clock));
	class->count++;
	class->held += event->added;
	return DECODE_DONE;
}

enum decode_status decode(struct program *program, struct decode_state *state, const uint8_t *data, size_t size)
{
	bool is_whole = state->end <= 8 * (uint64_t)size;
	struct event event = {
		.cursor = { .data = data, .at = state->at, .end = is_whole ? state->end : 8 * (uint64_t)size },
		.clock = state->clock,
	};
	enum decode_status status;

	while (event.cursor.at < event.cursor.end) {
		if (state->held >= state->most)
			return DECODE_FULL;
		status = read_header(program, &event);
		if (!status)
			status = read_fields(program, &event, state->at);
		if (status) {
			state->step = event.step;
			return status == DECODE_PAST_END && !is_whole ? DECODE_MORE : status;
		}
		state->at = event.cursor.at;
		state->clock = event.clock;
		state->held += event.added;
		state->events++;
		if (event.class->count >= state->most_rows)
			return DECODE_FULL;
	}
	return is_whole ? DECODE_DONE : DECODE_MORE;
}
