/* SPDX-License-Identifier: GPL-2.0-only */
/* The Python module: only what every Python from 3.11 on has (PEP 384). */
#ifndef KIT_MODULE_H
#define KIT_MODULE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>

extern PyType_Spec decoder_spec;

PyObject *count_into(PyObject *module, PyObject *arguments);
PyObject *move_into(PyObject *module, PyObject *arguments);
PyObject *hash_texts(PyObject *module, PyObject *arguments);
PyObject *note_values(PyObject *module, PyObject *arguments);

#endif
