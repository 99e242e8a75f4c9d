"""Moved to typing/declarations.py; kept until all callers have followed."""

from lttng_addon_kit.expression.typing.declarations import Declarations, is_declarable

__all__ = ["Declarations", "is_declarable"]
