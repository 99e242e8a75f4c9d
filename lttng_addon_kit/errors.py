# SPDX-License-Identifier: GPL-2.0-only
"""The errors that reach a user: one class, printed the same way everywhere.

A `KitError` is printed without a traceback; its `exit_status` is what the command returns (1: it failed,
2: it was asked for the wrong thing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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

    Attributes:
        others: errors besides, which are shown below it.
    """

    exit_status = 1

    def __init__(self, message: str, *, hint: str = "", location: Location | None = None, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.details = details
        self.others: tuple[KitError, ...] = ()

    def __str__(self) -> str:
        return render(self)


class UsageError(KitError):
    """The command line asks for something that does not exist or makes no sense."""

    exit_status = 2


class Gathering:
    """Gathers the errors of parts that are examined one after the other, so that one does not hide the next."""

    def __init__(self) -> None:
        self._found: list[KitError] = []

    @contextmanager
    def part(self) -> Iterator[None]:
        """An error inside is kept, and the next part can be examined."""
        try:
            yield
        except KitError as error:
            self._found += (error, *error.others)

    def refuse(self) -> None:
        """Raise an error for what was found, if anything was.

        Raises:
            KitError: the first in the file, with the others below it.
        """
        if self._found:
            raise merged(self._found)


def merged(errors: Iterable[KitError]) -> KitError:
    """One error of several (at least one), by their places; what is said twice is said once."""
    by_place = sorted(errors, key=_place)
    first, *others = {(each.message, each.location): each for each in by_place}.values()
    first.others = tuple(others)
    for each in others:
        each.others = ()
    return first


def _place(error: KitError) -> tuple[str, int, int]:
    where = error.location
    return (str(where.path), where.line, where.column) if where else ("", 0, 0)


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
    parts.extend(render(each) for each in error.others)
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
