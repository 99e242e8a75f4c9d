"""Moved to expression/builtins/; kept until all callers have followed."""

from lttng_addon_kit.expression.builtins.builtin_table import BUILTINS

__all__ = ["BUILTINS"]
