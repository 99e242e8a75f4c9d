"""Moved to syntax/expression_error.py; kept until all callers have followed."""

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError

__all__ = ["ExpressionError"]
