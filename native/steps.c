// SPDX-License-Identifier: GPL-2.0-only
#include "steps.h"

#include "fields.h"

/* The low bits of a clock that has gone on, at most once around, since it was last seen (CTF 1.8.3, 8). */
static uint64_t clock_after(uint64_t clock, uint64_t low_bits, unsigned int size)
{
	uint64_t mask;

	if (size == 64)
		return low_bits;
	mask = (UINT64_C(1) << size) - 1;
	if (low_bits < (clock & mask))
		clock += mask + 1;
	return (clock & ~mask) | low_bits;
}

static bool is_between(uint64_t value, const struct step *step)
{
	if (step->flags & FLAG_SIGNED)
		return (int64_t)step->low <= (int64_t)value && (int64_t)value <= (int64_t)step->high;
	return step->low <= value && value <= step->high;
}

static enum decode_status add_number(struct event *event, const struct step *step, uint64_t value)
{
	struct column *column;

	if (step->slot != NOWHERE)
		event->slots[step->slot] = value;
	if (step->column == NOWHERE)
		return DECODE_DONE;
	column = &event->class->columns[step->column];
	if (!column_is_plain(column))
		return add_optional(event, step, value);
	store(column->data.bytes + (size_t)event->class->count * column->layout.width, value, column->layout.width);
	return DECODE_DONE;
}

/* Copies a number, which begins here, to the event's place in a column that has room for it. */
static inline bool copy_number(struct cursor *cursor, const struct event *event, const struct step *step, size_t width)
{
	const struct event_class *class = event->class;

	if (8 * width > cursor->end - cursor->at)
		return false;
	memcpy(class->columns[step->column].data.bytes + class->count * width, cursor_bytes(cursor), width);
	cursor->at += 8 * width;
	return true;
}

/* Copies a text word by word up to its NUL; false where it doesn't end within the bytes and the room that are there. */
static inline bool copy_words(struct cursor *cursor, struct buffer *data)
{
	const uint8_t *bytes = cursor_bytes(cursor);
	uint64_t left = (cursor->end - cursor->at) / 8;
	size_t room = data->room - data->used;
	size_t length = 0;
	uint64_t word, bits;

	if (room < left)
		left = room;
	for (; left - length >= sizeof(word); length += sizeof(word)) {
		memcpy(&word, bytes + length, sizeof(word));
		memcpy(data->bytes + data->used + length, &word, sizeof(word));
		bits = nul_bits(word);
		if (!bits)
			continue;
		length += __builtin_ctzll(bits) / 8;
		data->used += length;
		cursor->at += 8 * (length + 1);
		return true;
	}
	return false;
}

/* A text that every event has, if that is quick; otherwise nothing. */
static inline bool copy_text(struct cursor *cursor, struct event *event, const struct step *step)
{
	struct column *column = &event->class->columns[step->column];
	uint32_t count = event->class->count;
	uint32_t end;

	if (column->layout.has_rows || column->data.used > INT32_MAX / 2 || !is_little_endian_host())
		return false;
	if (!cursor_begin(cursor, 8, 8) || !copy_words(cursor, &column->data))
		return false;
	end = column->data.used;
	memcpy(column->offsets.bytes + (count + (size_t)1) * sizeof(end), &end, sizeof(end));
	event->added += sizeof(end) + end - column_offset(column, count);
	return true;
}

static inline enum decode_status take_number(struct cursor *cursor, struct event *event, const struct step *step)
{
	if (!cursor_begin(cursor, step->align, step->size))
		return DECODE_PAST_END;
	return add_number(event, step, read_number(cursor, step));
}

static inline enum decode_status take_clock(struct cursor *cursor, struct event *event, const struct step *step)
{
	if (!cursor_begin(cursor, step->align, step->size))
		return DECODE_PAST_END;
	event->clock = clock_after(event->clock, read_number(cursor, step), step->size);
	return DECODE_DONE;
}

/* Whatever is not quick, at the event's own cursor. */
static enum decode_status take_slow_step(struct event *event, const struct step *step)
{
	switch (step->kind) {
	case STEP_TEXT:
		return add_ended_text(event, step);
	case STEP_SIZED_TEXT:
		return add_sized_text(event, step);
	case STEP_LIST:
		return add_list(event, step);
	default:
		return DECODE_NO_OPTION;
	}
}

static enum decode_status take_any_step(struct cursor *cursor, struct event *event, const struct step *step)
{
	enum decode_status status;

	event->cursor = *cursor;
	status = take_slow_step(event, step);
	*cursor = event->cursor;
	return status;
}

static inline enum decode_status take_step(struct cursor *cursor, struct event *event, const struct step *step)
{
	bool fits;

	switch (step->kind) {
	case STEP_BYTES_1:
		fits = copy_number(cursor, event, step, 1);
		break;
	case STEP_BYTES_2:
		fits = copy_number(cursor, event, step, 2);
		break;
	case STEP_BYTES_4:
		fits = copy_number(cursor, event, step, 4);
		break;
	case STEP_BYTES_8:
		fits = copy_number(cursor, event, step, 8);
		break;
	case STEP_ALIGN:
		fits = cursor_align(cursor, step->align);
		break;
	case STEP_NUMBER:
		return take_number(cursor, event, step);
	case STEP_CLOCK:
		return take_clock(cursor, event, step);
	case STEP_TEXT:
		return copy_text(cursor, event, step) ? DECODE_DONE : take_any_step(cursor, event, step);
	default:
		return take_any_step(cursor, event, step);
	}
	return fits ? DECODE_DONE : DECODE_PAST_END;
}

static inline bool is_taken(const struct event *event, const struct step *step)
{
	return step->kind == STEP_JUMP || is_between(event->slots[step->slot], step);
}

enum decode_status take_steps(struct event *event, const struct step *steps, uint32_t first)
{
	struct cursor cursor = event->cursor;
	const struct step *step = &steps[first];
	enum decode_status status = DECODE_DONE;

	while (step->kind != STEP_END) {
		if (step->kind <= STEP_JUMP_IF) {
			step = is_taken(event, step) ? &steps[step->target] : step + 1;
			continue;
		}
		status = take_step(&cursor, event, step);
		if (status)
			break;
		step++;
	}
	event->cursor = cursor;
	event->step = step - steps;
	return status;
}
