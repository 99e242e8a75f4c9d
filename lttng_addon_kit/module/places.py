"""Where in addon.toml something is that turned out to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.positions import KeyPath


@dataclass(frozen=True)
class Places:
    """The places of one table's keys, those of the `when` tables that apply to a kernel included (`whens`)."""

    source: AddonSource
    table: KeyPath
    whens: tuple[int, ...]

    @classmethod
    def of_event(cls, source: AddonSource, index: int, kernel: Kernel) -> Places:
        """Those of an [[event]] on a kernel."""
        whens = source.addon.events[index].when
        covering = tuple(number for number, when in enumerate(whens) if when.covers(kernel.version))
        return cls(source, ("event", index), covering)

    @contextmanager
    def of(self, *key: str) -> Iterator[None]:
        """Errors inside are about the text at this key; an ExpressionError about a part of it."""
        try:
            yield
        except ExpressionError as error:
            path = self._path(("fields", error.field, "value") if error.field else key)
            error.location = self.source.positions.value(path, error.span.start, error.span.length)
            raise
        except KitError as error:
            error.location = self.source.positions.value(self._path(key))
            raise

    def _path(self, key: KeyPath) -> KeyPath:
        """The last `when` table that has the key, else the table itself."""
        for number in reversed(self.whens):
            path = (*self.table, "when", number, *key)
            if self.source.positions.has(path):
                return path
        return (*self.table, *key)
