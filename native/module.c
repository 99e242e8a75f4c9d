// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"

static int add_types(PyObject *module)
{
	PyObject *type = PyType_FromModuleAndSpec(module, &decoder_spec, NULL);
	int failed = !type || PyModule_AddType(module, (PyTypeObject *)type);

	Py_XDECREF(type);
	return failed ? -1 : 0;
}

static PyMethodDef functions[] = {
	{ "count_into", count_into, METH_VARARGS, "count_into(table, values, /)\n--\n\nSee native.pyi." },
	{ "move_into", move_into, METH_VARARGS, "move_into(to, table, /)\n--\n\nSee native.pyi." },
	{ "hash_texts", hash_texts, METH_VARARGS, "hash_texts(offsets, data, /)\n--\n\nSee native.pyi." },
	{ "note_values", note_values, METH_VARARGS, "note_values(registers, values, /)\n--\n\nSee native.pyi." },
	{ NULL, NULL, 0, NULL },
};

static PyModuleDef_Slot slots[] = {
	{ Py_mod_exec, add_types },
	{ 0, NULL },
};

static struct PyModuleDef definition = {
	.m_base = PyModuleDef_HEAD_INIT,
	.m_name = "native",
	.m_doc = "Reading packets into columns, and counting what is in them, in C.",
	.m_methods = functions,
	.m_slots = slots,
};

PyMODINIT_FUNC PyInit_native(void)
{
	return PyModuleDef_Init(&definition);
}
