"""Moved to expression/read.py; kept until all callers have followed."""

from lttng_addon_kit.expression.read import read, read_filter

__all__ = ["read", "read_filter"]
