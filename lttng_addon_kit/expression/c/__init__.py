# SPDX-License-Identifier: GPL-2.0-only
"""Typed expressions -> C: a tree, and its text.

Each kind of node has its C in one of the modules below; they add it to the functions of compute.py when imported.
"""

from lttng_addon_kit.expression.c import lookup_calls, memory, operations, outcomes, texts

__all__ = ["lookup_calls", "memory", "operations", "outcomes", "texts"]
