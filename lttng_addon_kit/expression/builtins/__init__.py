"""The functions of the expressions' language: one file for each that is more than a value of the kernel's.

Such a file has all that is known of its function: usage, typing, and the C of what it gives. Adding one is writing
that file and naming its function in builtin_table.py.
"""
