# SPDX-License-Identifier: GPL-2.0-only
"""Progress of long work: a live line on a terminal, plain lines elsewhere, always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from lttng_addon_kit.terminal import open_console


class _LiveLine:
    """A line whose end changes."""

    def __init__(self, title: str, detail: Callable[[], str]) -> None:
        self._title = title
        self._detail = detail

    def __rich__(self) -> Text:
        return Text(f"{self._title} {self._detail()}".rstrip())


class Progress:
    """Reports what is being done, and how long it took.

    Args:
        console: where to report it; a console on standard error keeps standard output for data.
        quiet: report nothing at all.
    """

    def __init__(self, console: Console | None = None, quiet: bool = False) -> None:
        self.console = console or open_console(sys.stderr)
        self._quiet = quiet

    @contextmanager
    def step(self, title: str, detail: Callable[[], str] = lambda: "") -> Iterator[None]:
        """Report that `title` is being done while inside, and how many seconds it took.

        Args:
            detail: how far it is, asked several times a second where the line is live.
        """
        if self._quiet:
            yield
            return
        begin = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(_LiveLine(f"{title} ...", detail)):
                yield
        else:
            self.console.print(f"{title} ...", soft_wrap=True)
            yield
        seconds = time.monotonic() - begin
        self.console.print(f"{title}: {seconds:.1f} s", soft_wrap=True)

    def say(self, line: str) -> None:
        """Print one line that is not a step: a choice, an observation."""
        if not self._quiet:
            self.console.print(line, soft_wrap=True)
