// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

static bool is_slot_sound(const struct step *step)
{
	return step->slot < SLOTS || step->slot == NOWHERE;
}

static bool is_size_sound(const struct step *step)
{
	return step->size >= 1 && step->size <= 64;
}

/* Whether a column takes what a step gives: elements of its width, and offsets where there are several. */
static bool is_column_sound(const struct step *step, const struct column *columns, uint32_t count,
			    uint32_t least_width, bool has_offsets)
{
	const struct column_layout *layout;

	if (step->column >= count)
		return false;
	layout = &columns[step->column].layout;
	return layout->width >= least_width && !layout->has_offsets == !has_offsets;
}

static uint32_t width_of(uint32_t size)
{
	return size <= 8 ? 1 : size <= 16 ? 2 : size <= 32 ? 4 : 8;
}

static bool is_step_sound(const struct step *step, uint32_t at, uint32_t end, const struct column *columns,
			  uint32_t count)
{
	if (!step->align || step->align > LARGEST_ALIGN || step->align & (step->align - 1))
		return false;
	if (!is_slot_sound(step))
		return false;
	switch (step->kind) {
	case STEP_ALIGN:
	case STEP_FAIL:
		return true;
	case STEP_END:
		return at == end - 1;
	case STEP_NUMBER:
		return is_size_sound(step) &&
		       (step->column == NOWHERE ||
			is_column_sound(step, columns, count, width_of(step->size), false));
	case STEP_CLOCK:
		return is_size_sound(step);
	case STEP_TEXT:
	case STEP_SIZED_TEXT:
		return is_column_sound(step, columns, count, 1, true) && columns[step->column].layout.width == 1;
	case STEP_LIST:
		return is_size_sound(step) && is_column_sound(step, columns, count, width_of(step->size), true);
	case STEP_JUMP_IF:
		return step->slot != NOWHERE && step->target > at && step->target < end;
	case STEP_JUMP:
		return step->target > at && step->target < end;
	default:
		return false;
	}
}

static bool are_steps_sound(const struct program *program, uint32_t first, uint32_t end,
			    const struct column *columns, uint32_t count)
{
	uint32_t at;

	if (first >= end || end > program->step_count || program->steps[end - 1].kind != STEP_END)
		return false;
	for (at = first; at < end; at++)
		if (!is_step_sound(&program->steps[at], at, end, columns, count))
			return false;
	return true;
}

static bool is_class_sound(const struct program *program, const struct event_class *class)
{
	const struct class_layout *layout = &class->layout;

	return layout->id < MOST_IDS && layout->first_column <= program->column_count &&
	       layout->column_count <= program->column_count - layout->first_column &&
	       are_steps_sound(program, layout->first_step, layout->end_step,
			       program->columns + layout->first_column, layout->column_count);
}

bool program_is_sound(const struct program *program)
{
	uint32_t index;

	for (index = 0; index < program->column_count; index++) {
		uint32_t width = program->columns[index].layout.width;

		if (width != 1 && width != 2 && width != 4 && width != 8)
			return false;
	}
	for (index = 0; index < program->class_count; index++)
		if (!is_class_sound(program, &program->classes[index]))
			return false;
	return are_steps_sound(program, 0, program->header_steps, NULL, 0);
}

static bool is_quick(const struct step *step, const struct column *columns)
{
	const struct column *column;

	if (step->kind != STEP_NUMBER || step->column == NOWHERE || step->slot != NOWHERE)
		return false;
	column = &columns[step->column];
	return column_is_plain(column) && step->size == 8 * column->layout.width && step->align <= 8 &&
	       (step->size == 8 || !(step->flags & FLAG_BIG_ENDIAN) == is_little_endian_host());
}

static uint32_t quick_kind(uint32_t size)
{
	switch (size) {
	case 8:
		return STEP_BYTES_1;
	case 16:
		return STEP_BYTES_2;
	case 32:
		return STEP_BYTES_4;
	default:
		return STEP_BYTES_8;
	}
}

/* Whether the packet's next bit begins a byte after a step, if it did before it. */
static bool is_after_byte(const struct step *step, bool before)
{
	switch (step->kind) {
	case STEP_ALIGN:
		return before || step->align >= 8;
	case STEP_NUMBER:
	case STEP_CLOCK:
		return (before || step->align >= 8) && step->size % 8 == 0;
	case STEP_TEXT:
	case STEP_SIZED_TEXT:
		return true;
	default:
		return false;
	}
}

static void quicken_class(struct step *steps, const struct class_layout *layout, const struct column *columns)
{
	bool is_byte = false;
	uint32_t at;

	for (at = layout->first_step; at < layout->end_step; at++) {
		struct step *step = &steps[at];
		bool is_next = is_after_byte(step, is_byte);

		if (is_byte && is_quick(step, columns))
			step->kind = quick_kind(step->size);
		is_byte = is_next;
	}
}

void program_quicken(struct program *program)
{
	uint32_t index;

	for (index = 0; index < program->class_count; index++) {
		const struct class_layout *layout = &program->classes[index].layout;

		quicken_class(program->steps, layout, program->columns + layout->first_column);
	}
}
