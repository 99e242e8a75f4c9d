"""What a function of the language is to typing: its usage, and what it gives for typed arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.scope import Scope


@dataclass(frozen=True)
class Use:
    """One call of a function: where it is, and all that its typing needs."""

    span: Span
    arguments: tuple[typed.Node, ...]
    scope: Scope


@dataclass(frozen=True)
class LanguageFunction:
    """A function of the language; `usage` is its signature, as messages and `docs/expressions.md` have it."""

    usage: str
    least: int
    most: int
    give: Callable[[Use], typed.Node]

    @property
    def name(self) -> str:
        return self.usage.partition("(")[0]


def limit_of(node: typed.Node, most: int, what: str) -> int:
    """The constant that bounds how much a function reads.

    Raises:
        ExpressionError: it is no constant, or is larger than `most`.
    """
    value = constant_value(node)
    if value is None or not 1 <= value <= most:
        raise ExpressionError(f"{what} must be a constant from 1 to {most}", node.span)
    return value
