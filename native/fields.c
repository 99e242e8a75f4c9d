// SPDX-License-Identifier: GPL-2.0-only
#include "fields.h"

#define LONGEST INT32_MAX	/* Arrow's offsets are signed, of 32 bits */

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
static bool add_offset(struct column *column, uint32_t count)
{
	uint32_t end = column->data.used / column->layout.width;
	size_t at = column->layout.has_rows ? column->rows.used / sizeof(end) : count + (size_t)1;

	if (column->layout.has_rows && !buffer_reserve(&column->offsets, (at + 1) * sizeof(end)))
		return false;
	store(column->offsets.bytes, 0, sizeof(end));
	store(column->offsets.bytes + at * sizeof(end), end, sizeof(end));
	return true;
}

enum decode_status add_optional(struct event *event, const struct step *step, uint64_t value)
{
	struct column *column = &event->class->columns[step->column];

	if (!buffer_reserve(&column->data, sizeof(value)) || !add_row(column, event->class->count))
		return DECODE_NO_MEMORY;
	store(buffer_take(&column->data, column->layout.width), value, column->layout.width);
	event->added += sizeof(value);
	return DECODE_DONE;
}

/* How many of the bytes come before the first NUL; `most` of them where there is none. */
static uint64_t text_length(const uint8_t *bytes, uint64_t most)
{
	uint64_t length = 0;
	uint64_t word;

	for (; most - length >= sizeof(word); length += sizeof(word)) {
		memcpy(&word, bytes + length, sizeof(word));
		if (nul_bits(word))
			break;
	}
	while (length < most && bytes[length])
		length++;
	return length;
}

/* Makes room for so many elements more, of which the offsets can tell. */
static enum decode_status reserve_elements(struct event *event, struct column *column, uint64_t count)
{
	uint32_t width = column->layout.width;

	if (count > LONGEST || column->data.used / width > LONGEST - count)
		return DECODE_TOO_LONG;
	if (!buffer_reserve(&column->data, count * width) || !add_row(column, event->class->count))
		return DECODE_NO_MEMORY;
	event->added += count * width + sizeof(uint32_t);
	return DECODE_DONE;
}

static enum decode_status add_text(struct event *event, const struct step *step, uint64_t length)
{
	struct column *column = &event->class->columns[step->column];
	enum decode_status status = reserve_elements(event, column, length);

	if (status)
		return status;
	if (length)
		memcpy(buffer_take(&column->data, length), cursor_bytes(&event->cursor), length);
	return add_offset(column, event->class->count) ? DECODE_DONE : DECODE_NO_MEMORY;
}

enum decode_status add_ended_text(struct event *event, const struct step *step)
{
	struct cursor *cursor = &event->cursor;
	enum decode_status status;
	uint64_t length, most;

	if (!cursor_begin(cursor, 8, 8))
		return DECODE_PAST_END;
	most = (cursor->end - cursor->at) / 8;
	length = text_length(cursor_bytes(cursor), most);
	if (length == most)
		return DECODE_PAST_END;
	status = add_text(event, step, length);
	cursor->at += 8 * (length + 1);
	return status;
}

static uint64_t length_of(const struct event *event, const struct step *step)
{
	return step->slot == NOWHERE ? step->length : event->slots[step->slot];
}

enum decode_status add_sized_text(struct event *event, const struct step *step)
{
	struct cursor *cursor = &event->cursor;
	uint64_t size = length_of(event, step);
	enum decode_status status;

	if (!cursor_align(cursor, 8) || size > (cursor->end - cursor->at) / 8)
		return DECODE_PAST_END;
	status = add_text(event, step, text_length(cursor_bytes(cursor), size));
	cursor->at += 8 * size;
	return status;
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

enum decode_status add_list(struct event *event, const struct step *step)
{
	struct column *column = &event->class->columns[step->column];
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
	return add_offset(column, event->class->count) ? DECODE_DONE : DECODE_NO_MEMORY;
}
