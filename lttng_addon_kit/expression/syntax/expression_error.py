"""What is wrong with an expression, and where in its text."""

from __future__ import annotations

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.syntax.syntax import Span


class ExpressionError(KitError):
    """An expression that C, the kernel's types or this language refuse.

    `span` counts characters of the expression's own text; whoever knows the file sets `location`. `field` names the
    field whose expression it is, where an event's are looked at together ("" for its filter).
    """

    def __init__(self, message: str, span: Span, *, hint: str = "", field: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.span = span
        self.field = field
