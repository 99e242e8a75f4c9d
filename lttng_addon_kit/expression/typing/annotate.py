"""Moved to expression/reading.py; kept until all callers have followed."""

from lttng_addon_kit.expression.reading import read, read_filter

__all__ = ["read", "read_filter"]
