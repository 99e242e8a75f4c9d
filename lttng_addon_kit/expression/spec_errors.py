"""Errors of hooks, expressions and types, placed on the text in addon.toml that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.spec.positions import KeyPath, Positions


@dataclass(frozen=True)
class SpecErrors:
    """Errors in one addon.toml."""

    positions: Positions

    @contextmanager
    def at(self, path: KeyPath) -> Iterator[None]:
        """Errors inside are about the value at this key; an ExpressionError is about a part of it."""
        try:
            yield
        except KitError as error:
            if error.location is None:
                self.place(error, path)
            raise

    def place(self, error: KitError, path: KeyPath) -> None:
        """Set an error's location to the value at a key, or to the part of it that an ExpressionError is about."""
        if isinstance(error, ExpressionError):
            error.location = self.positions.value(path, error.span.start, error.span.length)
        else:
            error.location = self.positions.value(path)
