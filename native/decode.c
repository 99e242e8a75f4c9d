// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include "steps.h"

static enum decode_status take_steps(struct event *event, const struct step *steps, uint32_t first, uint32_t end)
{
	enum decode_status status;
	uint32_t at = first;

	while (at < end) {
		const struct step *step = &steps[at];

		if (step->kind == STEP_JUMP) {
			at = step->target;
		} else if (step->kind == STEP_JUMP_IF) {
			at = is_between(event->slots[step->slot], step) ? step->target : at + 1;
		} else {
			status = take_step(event, step);
			if (status) {
				event->state->step = at;
				return status;
			}
			at++;
		}
	}
	return DECODE_DONE;
}

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

/* Forgets what the columns have of an event that isn't there: those of the class's first `count` stay. */
static void forget_event(struct event_class *class, uint32_t count)
{
	uint32_t index, values;

	for (index = 0; index < class->layout.column_count; index++) {
		struct column *column = &class->columns[index];
		struct buffer *rows = &column->rows;

		values = count;
		if (column->layout.has_rows) {
			if (last_of(rows) == count)
				shrink(rows, rows->used ? rows->used - sizeof(uint32_t) : 0);
			values = rows->used / sizeof(uint32_t);
		}
		if (column->layout.has_offsets) {
			shrink(&column->offsets, (values + (size_t)1) * sizeof(uint32_t));
			values = last_of(&column->offsets);
		}
		shrink(&column->data, (size_t)values * column->layout.width);
	}
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
	status = take_steps(event, program->steps, 0, program->header_steps);
	if (status)
		return status;
	event->class = find_class(program, event->slots[EVENT_ID_SLOT]);
	return event->class ? DECODE_DONE : DECODE_UNKNOWN_EVENT;
}

static enum decode_status read_fields(const struct program *program, struct event *event)
{
	struct event_class *class = event->class;
	enum decode_status status;

	event->columns = class->columns;
	event->row = class->times.used / sizeof(event->clock);
	event->added = class->row_size;
	status = take_steps(event, program->steps, class->layout.first_step, class->layout.end_step);
	if (!status && event->cursor.at == event->state->at)
		status = DECODE_EMPTY_EVENT;
	if (!status && !buffer_reserve(&class->times, sizeof(event->clock)))
		status = DECODE_NO_MEMORY;
	if (status) {
		forget_event(class, event->row);
		return status;
	}
	store(buffer_take(&class->times, sizeof(event->clock)), event->clock, sizeof(event->clock));
	class->held += event->added;
	return DECODE_DONE;
}

enum decode_status decode(struct program *program, struct decode_state *state, const uint8_t *data, size_t size)
{
	bool is_whole = state->end <= 8 * (uint64_t)size;
	struct event event = {
		.state = state,
		.cursor = { .data = data, .at = state->at, .end = is_whole ? state->end : 8 * (uint64_t)size },
		.clock = state->clock,
	};
	enum decode_status status;

	while (event.cursor.at < event.cursor.end) {
		if (state->held >= state->most)
			return DECODE_FULL;
		status = read_header(program, &event);
		if (!status)
			status = read_fields(program, &event);
		if (status)
			return status == DECODE_PAST_END && !is_whole ? DECODE_MORE : status;
		state->at = event.cursor.at;
		state->clock = event.clock;
		state->held += event.added;
		state->events++;
		if (event.row + 1 >= state->most_rows)
			return DECODE_FULL;
	}
	return is_whole ? DECODE_DONE : DECODE_MORE;
}
