// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"

#include <string.h>

#include "decode.h"

#define LARGEST_PACKET (UINT64_C(1) << 60)

/* A stream's program and the columns that it fills. `is_busy`: a thread decodes with it, without the GIL. */
struct decoder {
	PyObject_HEAD
	struct program program;
	uint64_t held;
	bool is_busy;
};

/* Copies an array of so many bytes an element; the number of elements, or -1 with an exception set. */
static Py_ssize_t copy_array(const Py_buffer *buffer, size_t element, void **copy)
{
	if (buffer->len % element || buffer->len / element >= NOWHERE) {
		PyErr_SetString(PyExc_ValueError, "an array of a program has a wrong size");
		return -1;
	}
	*copy = calloc(1, buffer->len + 1);
	if (!*copy) {
		PyErr_NoMemory();
		return -1;
	}
	memcpy(*copy, buffer->buf, buffer->len);
	return buffer->len / element;
}

static bool add_columns(struct program *program, const Py_buffer *buffer)
{
	struct column_layout *layouts;
	Py_ssize_t count = copy_array(buffer, sizeof(*layouts), (void **)&layouts);
	Py_ssize_t index;

	if (count < 0)
		return false;
	program->columns = calloc(count + 1, sizeof(*program->columns));
	if (!program->columns) {
		free(layouts);
		PyErr_NoMemory();
		return false;
	}
	for (index = 0; index < count; index++)
		program->columns[index].layout = layouts[index];
	program->column_count = count;
	free(layouts);
	return true;
}

static bool add_classes(struct program *program, const Py_buffer *buffer)
{
	struct class_layout *layouts;
	Py_ssize_t count = copy_array(buffer, sizeof(*layouts), (void **)&layouts);
	Py_ssize_t index;

	if (count < 0)
		return false;
	program->classes = calloc(count + 1, sizeof(*program->classes));
	program->class_of_id = malloc(MOST_IDS * sizeof(*program->class_of_id));
	if (!program->classes || !program->class_of_id) {
		free(layouts);
		PyErr_NoMemory();
		return false;
	}
	for (index = 0; index < count; index++)
		program->classes[index].layout = layouts[index];
	program->class_count = count;
	free(layouts);
	return true;
}

/* What is followed from what, once the numbers are known to be sound. */
static void connect_classes(struct program *program)
{
	uint32_t index, column;

	memset(program->class_of_id, 0xff, MOST_IDS * sizeof(*program->class_of_id));
	for (index = 0; index < program->class_count; index++) {
		struct event_class *class = &program->classes[index];

		class->columns = program->columns + class->layout.first_column;
		class->row_size = sizeof(uint64_t);
		for (column = 0; column < class->layout.column_count; column++)
			class->row_size += class->columns[column].layout.width;
		program->class_of_id[class->layout.id] = index;
	}
}

static void free_program(struct program *program)
{
	uint32_t index;

	for (index = 0; index < program->column_count; index++) {
		buffer_free(&program->columns[index].data);
		buffer_free(&program->columns[index].offsets);
		buffer_free(&program->columns[index].rows);
	}
	for (index = 0; index < program->class_count; index++)
		buffer_free(&program->classes[index].times);
	free(program->columns);
	free(program->classes);
	free(program->steps);
	free(program->class_of_id);
}

static bool make_program(struct program *program, const Py_buffer *steps, unsigned int header_steps,
			 const Py_buffer *columns, const Py_buffer *classes)
{
	Py_ssize_t count = copy_array(steps, sizeof(*program->steps), (void **)&program->steps);

	if (count < 0)
		return false;
	program->step_count = count;
	program->header_steps = header_steps;
	if (!add_columns(program, columns) || !add_classes(program, classes))
		return false;
	if (!program_is_sound(program)) {
		PyErr_SetString(PyExc_ValueError, "the program isn't sound");
		return false;
	}
	connect_classes(program);
	program_quicken(program);
	return true;
}

static PyObject *decoder_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
	allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
	Py_buffer steps, columns, classes;
	unsigned int header_steps;
	struct decoder *decoder;
	bool is_made;

	(void)keywords;
	if (!PyArg_ParseTuple(arguments, "y*Iy*y*", &steps, &header_steps, &columns, &classes))
		return NULL;
	decoder = (struct decoder *)allocate(type, 0);
	is_made = decoder && make_program(&decoder->program, &steps, header_steps, &columns, &classes);
	PyBuffer_Release(&steps);
	PyBuffer_Release(&columns);
	PyBuffer_Release(&classes);
	if (!is_made)
		Py_CLEAR(decoder);
	return (PyObject *)decoder;
}

static void decoder_dealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);
	freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

	free_program(&((struct decoder *)self)->program);
	release(self);
	Py_DECREF(type);
}

PyDoc_STRVAR(read_doc, "read(data, at, end, clock, most, most_rows, /)\n--\n\nDecode events; see native.pyi.");

static PyObject *decoder_read(PyObject *self, PyObject *arguments)
{
	struct decoder *decoder = (struct decoder *)self;
	unsigned long long at, end, clock, most;
	enum decode_status status;
	struct decode_state state;
	unsigned int most_rows;
	Py_buffer data;

	if (!PyArg_ParseTuple(arguments, "y*KKKKI", &data, &at, &end, &clock, &most, &most_rows))
		return NULL;
	if (decoder->is_busy || at > LARGEST_PACKET || end > LARGEST_PACKET) {
		PyBuffer_Release(&data);
		PyErr_SetString(PyExc_ValueError, "the decoder is in use, or the packet is too large");
		return NULL;
	}
	state = (struct decode_state){
		.at = at, .end = end, .clock = clock, .held = decoder->held, .most = most, .most_rows = most_rows,
	};
	decoder->is_busy = true;
	Py_BEGIN_ALLOW_THREADS
	status = decode(&decoder->program, &state, data.buf, data.len);
	Py_END_ALLOW_THREADS
	decoder->is_busy = false;
	decoder->held = state.held;
	PyBuffer_Release(&data);
	return Py_BuildValue("iKKKI", (int)status, (unsigned long long)state.at, (unsigned long long)state.clock,
			     (unsigned long long)state.events, state.step);
}

static PyObject *taken(struct buffer *buffer)
{
	PyObject *bytes = PyBytes_FromStringAndSize((const char *)buffer->bytes, buffer->used);

	buffer->used = 0;
	return bytes;
}

/* So many numbers, for which there is room. */
static PyObject *numbers_of(const struct buffer *buffer, uint32_t count, uint32_t width)
{
	return PyBytes_FromStringAndSize((const char *)buffer->bytes, (Py_ssize_t)count * width);
}

/* The offsets of so many values, which may have none yet. */
static PyObject *offsets_of(const struct column *column, size_t count)
{
	if (!column->layout.has_offsets || !column->offsets.bytes || !count)
		return PyBytes_FromStringAndSize(NULL, 0);
	return PyBytes_FromStringAndSize((const char *)column->offsets.bytes, (count + 1) * sizeof(uint32_t));
}

static PyObject *take_column(struct column *column, uint32_t count)
{
	bool is_plain = column_is_plain(column);
	size_t values = column->layout.has_rows ? column->rows.used / sizeof(count) : count;
	PyObject *data = is_plain ? numbers_of(&column->data, count, column->layout.width) : taken(&column->data);
	PyObject *offsets = offsets_of(column, values);
	PyObject *rows = taken(&column->rows);

	if (data && offsets && rows)
		return Py_BuildValue("NNN", data, offsets, rows);
	Py_XDECREF(data);
	Py_XDECREF(offsets);
	Py_XDECREF(rows);
	return NULL;
}

static PyObject *take_columns(struct event_class *class)
{
	PyObject *columns = PyTuple_New(class->layout.column_count);
	uint32_t index;

	for (index = 0; columns && index < class->layout.column_count; index++) {
		PyObject *column = take_column(&class->columns[index], class->count);

		if (!column || PyTuple_SetItem(columns, index, column))
			Py_CLEAR(columns);
	}
	return columns;
}

PyDoc_STRVAR(take_doc, "take(index, /)\n--\n\nThe events of a class, which are forgotten; see native.pyi.");

static PyObject *decoder_take(PyObject *self, PyObject *arguments)
{
	struct decoder *decoder = (struct decoder *)self;
	struct event_class *class;
	PyObject *times, *columns;
	unsigned int index;

	if (!PyArg_ParseTuple(arguments, "I", &index))
		return NULL;
	if (decoder->is_busy || index >= decoder->program.class_count) {
		PyErr_SetString(PyExc_ValueError, "the decoder is in use, or has no such class");
		return NULL;
	}
	class = &decoder->program.classes[index];
	decoder->held -= class->held;
	class->held = 0;
	times = numbers_of(&class->times, class->count, sizeof(uint64_t));
	columns = times ? take_columns(class) : NULL;
	class->count = 0;
	if (!columns) {
		Py_XDECREF(times);
		return NULL;
	}
	return Py_BuildValue("NN", times, columns);
}

static bool append_index(PyObject *list, uint32_t index)
{
	PyObject *number = PyLong_FromUnsignedLong(index);
	bool is_appended = number && !PyList_Append(list, number);

	Py_XDECREF(number);
	return is_appended;
}

PyDoc_STRVAR(full_doc, "full(least, /)\n--\n\nThe classes with so many events or more; see native.pyi.");

static PyObject *decoder_full(PyObject *self, PyObject *arguments)
{
	const struct program *program = &((struct decoder *)self)->program;
	unsigned int least;
	PyObject *found;
	uint32_t index;

	if (!PyArg_ParseTuple(arguments, "I", &least))
		return NULL;
	found = PyList_New(0);
	for (index = 0; found && index < program->class_count; index++)
		if (program->classes[index].count >= least && !append_index(found, index))
			Py_CLEAR(found);
	return found;
}

PyDoc_STRVAR(held_doc, "held()\n--\n\nHow many bytes the columns hold, about; see native.pyi.");

static PyObject *decoder_held(PyObject *self, PyObject *unused)
{
	(void)unused;
	return PyLong_FromUnsignedLongLong(((struct decoder *)self)->held);
}

static PyMethodDef methods[] = {
	{ "read", decoder_read, METH_VARARGS, read_doc },
	{ "take", decoder_take, METH_VARARGS, take_doc },
	{ "full", decoder_full, METH_VARARGS, full_doc },
	{ "held", decoder_held, METH_NOARGS, held_doc },
	{ NULL, NULL, 0, NULL },
};

static PyType_Slot slots[] = {
	{ Py_tp_new, decoder_new },
	{ Py_tp_dealloc, decoder_dealloc },
	{ Py_tp_methods, methods },
	{ 0, NULL },
};

PyType_Spec decoder_spec = {
	.name = "lttng_addon_kit.trace.native.Decoder",
	.basicsize = sizeof(struct decoder),
	.flags = Py_TPFLAGS_DEFAULT,
	.slots = slots,
};
