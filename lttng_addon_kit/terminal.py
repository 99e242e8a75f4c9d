# SPDX-License-Identifier: GPL-2.0-only
"""The one way to a terminal: what a kernel, a trace or a spec says is shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console


def printable(text: str, keep: str = "") -> str:
    r"""The text with what a terminal would obey or hide written out, as `\x1b` for ESC.

    Args:
        keep: characters to leave as they are, such as newlines.
    """
    return "".join(char if char.isprintable() or char in keep else repr(char)[1:-1] for char in text)


def open_console(stream: TextIO, width: int | None = None) -> Console:
    """A console of rich that reads no markup in text, and writes control characters out."""
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class SafeConsole(Console):
        def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
            for part in super().render(renderable, options):
                yield part if part.control else Segment(printable(part.text, keep="\n"), part.style)

    return SafeConsole(file=stream, width=width, highlight=False, markup=False, emoji=False)
