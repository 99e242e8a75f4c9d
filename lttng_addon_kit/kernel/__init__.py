# SPDX-License-Identifier: GPL-2.0-only
"""A kernel's types, tracepoints, functions and headers, read from its files."""
