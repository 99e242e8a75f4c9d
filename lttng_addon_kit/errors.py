# SPDX-License-Identifier: GPL-2.0-only
"""The errors that reach a user: one class, printed the same way everywhere.

A `KitError` is printed without a traceback; its `exit_status` is what the command returns (1: it failed,
2: it was asked for the wrong thing).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lttng_addon_kit.terminal import printable

_WIDEST = 160


@dataclass(frozen=True)
class Location:
    """A place in a file that a user wrote.

    Lines and columns count from 1; `length` is the number of characters to underline (0: none).
    """

    path: Path
    line: int
    column: int = 0
    length: int = 0


class KitError(Exception):
    """An error that reaches the user, in the user's words.

    Args:
        message: what is wrong, one sentence, no full stop needed.
        hint: what to do about it (a command, the nearest name), if anything is known.
        location: where it is wrong, when that is in a file of the user's.
        details: longer material, shown below as it is (a compiler's output, a kernel log).
    """

    exit_status = 1

    def __init__(self, message: str, *, hint: str = "", location: Location | None = None, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.details = details

    def __str__(self) -> str:
        return render(self)


class UsageError(KitError):
    """The command line asks for something that does not exist or makes no sense."""

    exit_status = 2


def render(error: KitError) -> str:
    """The error as text: `file:line:column: error: message`, the line underlined, the hint, the details."""
    parts = []
    where = error.location
    if where is None:
        parts.append(f"error: {error.message}")
    else:
        column = f":{where.column}" if where.column else ""
        parts.append(f"{where.path}:{where.line}{column}: error: {error.message}")
        parts.extend(_underlined(where))
    if error.hint:
        parts.append(f"  hint: {error.hint}")
    if error.details:
        parts.append(error.details.rstrip())
    return printable("\n".join(parts), keep="\n\t")


def nearest(name: str, names: Iterable[str], cutoff: float = 0.6) -> str:
    """A hint that offers the names closest to a misspelt one, or "" when none is as close as `cutoff` (0 to 1)."""
    close = get_close_matches(name, list(names), n=3, cutoff=cutoff)
    return f"did you mean {' or '.join(repr(each) for each in close)}?" if close else ""


def _underlined(where: Location) -> list[str]:
    try:
        text = where.path.read_text(encoding="utf-8").splitlines()[where.line - 1]
    except (OSError, IndexError, UnicodeDecodeError):
        return []
    # Of a very long line, the part that is meant.
    start = max(0, where.column - _WIDEST // 4) if len(text) > _WIDEST else 0
    part = text[start : start + _WIDEST]
    before, after = "..." if start else "", "..." if start + len(part) < len(text) else ""
    lines = [f"  {before}{part}{after}".replace("\t", " ")]
    if where.column:
        column = where.column - 1 - start
        length = min(where.length, len(part) - column)
        lines.append("  " + " " * (len(before) + column) + "^" + "~" * max(0, length - 1))
    return lines
