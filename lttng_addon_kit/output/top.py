"""`lttng-addon top`: what an addon collects, redrawn until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress

from rich.console import Console, Group
from rich.live import Live

from lttng_addon_kit import api
from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.session.aggregates import Snapshot
from lttng_addon_kit.spec.load import AddonSource


def watch(source: AddonSource, setting: api.Setting, seconds: float, console: Console, options: api.RunOptions) -> None:
    """Show the addon's tables every `seconds`: in place on a terminal, one after the other elsewhere.

    Raises:
        UsageError, KitError: see `api.follow_addon`.
    """
    first: list[Snapshot] = []
    with Live(console=console, auto_refresh=False, transient=False) if console.is_terminal else _Plain(console) as live:

        def show(snapshot: Snapshot) -> None:
            first.append(snapshot)
            del first[1:]
            live.update(Group(*aggregate_tables(first[0], snapshot)), refresh=True)

        with suppress(KeyboardInterrupt):
            api.follow_addon(source, setting, seconds, show, options)


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
