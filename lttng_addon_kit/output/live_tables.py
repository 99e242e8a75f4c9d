# SPDX-License-Identifier: GPL-2.0-only
"""What an addon collects, redrawn at every snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live

from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.session.collected import Snapshot


@contextmanager
def live_tables(console: Console) -> Iterator[Callable[[Snapshot], None]]:
    """Give a function that shows what was collected since its first snapshot.

    On a terminal the tables are redrawn in place, elsewhere they are printed one after the other.
    """
    first: list[Snapshot] = []
    with Live(console=console, auto_refresh=False) if console.is_terminal else _Plain(console) as live:

        def show(snapshot: Snapshot) -> None:
            first.append(snapshot)
            del first[1:]
            live.update(Group(*aggregate_tables(first[0], snapshot)), refresh=True)

        yield show


class _Plain:
    """Like rich's Live, where nothing can be redrawn."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> _Plain:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def update(self, tables: Group, refresh: bool) -> None:
        self._console.print(tables)
        self._console.print()
