// SPDX-License-Identifier: GPL-2.0-only
#include "steps.h"

#define LONGEST INT32_MAX	/* Arrow's offsets are signed, of 32 bits */

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

static uint64_t sign_extended(uint64_t value, unsigned int size)
{
	uint64_t sign = UINT64_C(1) << (size - 1);

	return (value ^ sign) - sign;
}

void store(void *place, uint64_t value, uint32_t width)
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

static uint64_t read_number(struct cursor *cursor, const struct step *step)
{
	uint64_t value = cursor_read(cursor, step->size, step->flags & FLAG_BIG_ENDIAN);

	return step->flags & FLAG_SIGNED ? sign_extended(value, step->size) : value;
}

static bool add_row(struct column *column, uint32_t row)
{
	if (!column->layout.has_rows)
		return true;
	if (!buffer_reserve(&column->rows, sizeof(row)))
		return false;
	store(buffer_take(&column->rows, sizeof(row)), row, sizeof(row));
	return true;
}

/* Ends a text or list whose elements are in `data`; the first of all begins at 0. */
static bool add_offset(struct column *column)
{
	uint32_t end = column->data.used / column->layout.width;

	if (!buffer_reserve(&column->offsets, 2 * sizeof(end)))
		return false;
	if (!column->offsets.used)
		store(buffer_take(&column->offsets, sizeof(end)), 0, sizeof(end));
	store(buffer_take(&column->offsets, sizeof(end)), end, sizeof(end));
	return true;
}

static enum decode_status add_number(struct event *event, const struct step *step)
{
	struct column *column;
	uint64_t value;

	if (!cursor_align(&event->cursor, step->align) || !cursor_has(&event->cursor, step->size))
		return DECODE_PAST_END;
	value = read_number(&event->cursor, step);
	if (step->slot != NOWHERE)
		event->slots[step->slot] = value;
	if (step->column == NOWHERE)
		return DECODE_DONE;
	column = &event->columns[step->column];
	if (!buffer_reserve(&column->data, sizeof(value)) || !add_row(column, event->row))
		return DECODE_NO_MEMORY;
	store(buffer_take(&column->data, column->layout.width), value, column->layout.width);
	return DECODE_DONE;
}

static enum decode_status add_clock(struct event *event, const struct step *step)
{
	if (!cursor_align(&event->cursor, step->align) || !cursor_has(&event->cursor, step->size))
		return DECODE_PAST_END;
	event->clock = clock_after(event->clock, read_number(&event->cursor, step), step->size);
	return DECODE_DONE;
}

/* Makes room for so many elements more, of which the offsets can tell. */
static enum decode_status reserve_elements(struct event *event, struct column *column, uint64_t count)
{
	uint32_t width = column->layout.width;

	if (count > LONGEST || column->data.used / width > LONGEST - count)
		return DECODE_TOO_LONG;
	if (!buffer_reserve(&column->data, count * width) || !add_row(column, event->row))
		return DECODE_NO_MEMORY;
	event->added += count * width + sizeof(uint32_t);
	return DECODE_DONE;
}

static enum decode_status add_text(struct event *event, struct column *column, uint64_t length)
{
	const uint8_t *bytes = cursor_bytes(&event->cursor);
	enum decode_status status = reserve_elements(event, column, length);

	if (status)
		return status;
	memcpy(buffer_take(&column->data, length), bytes, length);
	return add_offset(column) ? DECODE_DONE : DECODE_NO_MEMORY;
}

static enum decode_status add_ended_text(struct event *event, const struct step *step)
{
	struct cursor *cursor = &event->cursor;
	enum decode_status status;
	const uint8_t *nul;
	uint64_t length;

	if (!cursor_align(cursor, 8) || !cursor_has(cursor, 8))
		return DECODE_PAST_END;
	nul = memchr(cursor_bytes(cursor), 0, (cursor->end - cursor->at) / 8);
	if (!nul)
		return DECODE_PAST_END;
	length = nul - cursor_bytes(cursor);
	status = add_text(event, &event->columns[step->column], length);
	cursor->at += 8 * (length + 1);
	return status;
}

static uint64_t length_of(const struct event *event, const struct step *step)
{
	return step->slot == NOWHERE ? step->length : event->slots[step->slot];
}

static enum decode_status add_sized_text(struct event *event, const struct step *step)
{
	struct cursor *cursor = &event->cursor;
	uint64_t size = length_of(event, step);
	enum decode_status status;
	const uint8_t *nul;
	uint64_t length = size;

	if (!cursor_align(cursor, 8) || size > (cursor->end - cursor->at) / 8)
		return DECODE_PAST_END;
	nul = size ? memchr(cursor_bytes(cursor), 0, size) : NULL;
	if (nul)
		length = nul - cursor_bytes(cursor);
	status = add_text(event, &event->columns[step->column], length);
	cursor->at += 8 * size;
	return status;
}

static bool is_little_endian_host(void)
{
	const uint16_t one = 1;

	return *(const uint8_t *)&one == 1;
}

/* Whether elements are in the packet as the column has them. */
static bool is_copied(const struct cursor *cursor, const struct step *step, uint32_t width)
{
	return !(cursor->at % 8) && step->size == 8 * width && step->align <= step->size &&
	       (width == 1 || !(step->flags & FLAG_BIG_ENDIAN) == is_little_endian_host());
}

static void copy_elements(struct cursor *cursor, const struct step *step, struct column *column, uint64_t count)
{
	uint32_t width = column->layout.width;

	if (count && is_copied(cursor, step, width)) {
		memcpy(buffer_take(&column->data, count * width), cursor_bytes(cursor), count * width);
		cursor->at += count * step->size;
		return;
	}
	for (; count; count--) {
		cursor_align(cursor, step->align);
		store(buffer_take(&column->data, width), read_number(cursor, step), width);
	}
}

static enum decode_status add_list(struct event *event, const struct step *step)
{
	struct column *column = &event->columns[step->column];
	struct cursor *cursor = &event->cursor;
	uint64_t stride = ((uint64_t)step->size + step->align - 1) & ~((uint64_t)step->align - 1);
	uint64_t count = length_of(event, step);
	enum decode_status status;

	/* An element has a bit at least: no product below overflows. */
	if (!cursor_align(cursor, step->align) || count > cursor->end - cursor->at)
		return DECODE_PAST_END;
	if (count && !cursor_has(cursor, (count - 1) * stride + step->size))
		return DECODE_PAST_END;
	status = reserve_elements(event, column, count);
	if (status)
		return status;
	copy_elements(cursor, step, column, count);
	return add_offset(column) ? DECODE_DONE : DECODE_NO_MEMORY;
}

bool is_between(uint64_t value, const struct step *step)
{
	if (step->flags & FLAG_SIGNED)
		return (int64_t)step->low <= (int64_t)value && (int64_t)value <= (int64_t)step->high;
	return step->low <= value && value <= step->high;
}

enum decode_status take_step(struct event *event, const struct step *step)
{
	switch (step->kind) {
	case STEP_ALIGN:
		return cursor_align(&event->cursor, step->align) ? DECODE_DONE : DECODE_PAST_END;
	case STEP_NUMBER:
		return add_number(event, step);
	case STEP_CLOCK:
		return add_clock(event, step);
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
