# SPDX-License-Identifier: GPL-2.0-only
"""The functions of the expressions' language: one file for each that is more than a value of the kernel's.

Such a file has all that is known of its function: usage, typing, and the C of what it gives. `builtin_table` finds
them; a new file here is a new function.
"""
