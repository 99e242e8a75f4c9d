// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"

#include <string.h>

#include "count.h"

static PyObject *wrong_size(void)
{
	PyErr_SetString(PyExc_ValueError, "an array has a wrong size");
	return NULL;
}

/* How many entries a table has, a power of two; 0 for what is no table. */
static size_t capacity_of(const Py_buffer *table)
{
	size_t capacity = table->len / sizeof(struct counted);

	return table->len % sizeof(struct counted) || capacity & (capacity - 1) ? 0 : capacity;
}

static size_t used_of(const Py_buffer *table)
{
	const struct counted *entries = table->buf;
	size_t index, used = 0;

	for (index = 0; index < capacity_of(table); index++)
		used += entries[index].count != 0;
	return used;
}

static PyObject *count_buffers(const Py_buffer *table, const Py_buffer *values)
{
	size_t capacity = capacity_of(table);
	size_t done, used;

	if (capacity < 4 || values->len % sizeof(uint64_t))
		return wrong_size();
	Py_BEGIN_ALLOW_THREADS
	used = used_of(table);
	done = count_values(table->buf, capacity, &used, values->buf, values->len / sizeof(uint64_t));
	Py_END_ALLOW_THREADS
	return Py_BuildValue("nn", (Py_ssize_t)done, (Py_ssize_t)used);
}

PyObject *count_into(PyObject *module, PyObject *arguments)
{
	Py_buffer table, values;
	PyObject *result;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "w*y*", &table, &values))
		return NULL;
	result = count_buffers(&table, &values);
	PyBuffer_Release(&table);
	PyBuffer_Release(&values);
	return result;
}

PyObject *move_into(PyObject *module, PyObject *arguments)
{
	PyObject *result = NULL;
	Py_buffer to, from;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "w*y*", &to, &from))
		return NULL;
	if (capacity_of(&from) && capacity_of(&to) > used_of(&to) + used_of(&from)) {
		move_counts(to.buf, capacity_of(&to), from.buf, capacity_of(&from));
		result = Py_NewRef(Py_None);
	} else {
		wrong_size();
	}
	PyBuffer_Release(&to);
	PyBuffer_Release(&from);
	return result;
}

/* Whether offsets only grow, and end within the bytes. */
static int are_offsets_sound(const int32_t *offsets, Py_ssize_t count, Py_ssize_t size)
{
	Py_ssize_t index;

	for (index = 1; index < count; index++)
		if (offsets[index] < offsets[index - 1])
			return 0;
	return !count || (offsets[0] >= 0 && offsets[count - 1] <= size);
}

static PyObject *hash_buffers(const Py_buffer *offsets, const Py_buffer *data)
{
	Py_ssize_t count = offsets->len / sizeof(int32_t);
	const int32_t *at = offsets->buf;
	const uint8_t *bytes = data->buf;
	Py_ssize_t index;
	PyObject *result;
	uint64_t *hashes;

	if (!count || !are_offsets_sound(at, count, data->len))
		return wrong_size();
	result = PyBytes_FromStringAndSize(NULL, (count - 1) * sizeof(*hashes));
	if (!result)
		return NULL;
	hashes = (uint64_t *)PyBytes_AsString(result);
	Py_BEGIN_ALLOW_THREADS
	for (index = 0; index < count - 1; index++)
		hashes[index] = hash_bytes(bytes + at[index], at[index + 1] - at[index]);
	Py_END_ALLOW_THREADS
	return result;
}

PyObject *hash_texts(PyObject *module, PyObject *arguments)
{
	Py_buffer offsets, data;
	PyObject *result;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "y*y*", &offsets, &data))
		return NULL;
	result = hash_buffers(&offsets, &data);
	PyBuffer_Release(&offsets);
	PyBuffer_Release(&data);
	return result;
}

/* The power of two that a number of registers is; 0 for none that is sensible. */
static unsigned int register_bits(const Py_buffer *registers)
{
	unsigned int bits;

	for (bits = 4; bits <= 18; bits++)
		if (registers->len == (Py_ssize_t)1 << bits)
			return bits;
	return 0;
}

PyObject *note_values(PyObject *module, PyObject *arguments)
{
	Py_buffer registers, values;
	PyObject *result = NULL;
	unsigned int bits;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "w*y*", &registers, &values))
		return NULL;
	bits = register_bits(&registers);
	if (bits) {
		Py_BEGIN_ALLOW_THREADS
		note_hashes(registers.buf, bits, values.buf, values.len / sizeof(uint64_t));
		Py_END_ALLOW_THREADS
		result = Py_NewRef(Py_None);
	} else {
		wrong_size();
	}
	PyBuffer_Release(&registers);
	PyBuffer_Release(&values);
	return result;
}
