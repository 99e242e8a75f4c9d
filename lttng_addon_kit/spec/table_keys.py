"""Where one table of addon.toml has its keys."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.spec.positions import KeyPath, Positions


@dataclass(frozen=True)
class TableKeys:
    """The keys of a table, and of those of its `when` tables that apply to a kernel (`whens`)."""

    positions: Positions
    table: KeyPath
    whens: tuple[int, ...] = ()

    def path(self, *key: str) -> KeyPath:
        """The key in the last `when` table that has it, else in the table itself."""
        for number in reversed(self.whens):
            path = (*self.table, "when", number, *key)
            if self.positions.has(path):
                return path
        return (*self.table, *key)
