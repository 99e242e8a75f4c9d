# SPDX-License-Identifier: GPL-2.0-only
"""Text for C: the few forms in which names, texts and lists enter a source file."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINE = 80
_TAB = 8


def c_string(text: str) -> str:
    """A C string literal that holds exactly `text` (in UTF-8), whatever is in it."""
    return '"' + "".join(_c_byte(byte) for byte in text.encode()) + '"'


def _c_byte(byte: int) -> str:
    character = chr(byte)
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return r"\n"
    # Octal, three digits: unlike \x it can't swallow a digit that follows. "?" could begin a trigraph.
    return character if 0x20 <= byte < 0x7F and character != "?" else f"\\{byte:03o}"


def comment(text: str) -> str:
    """`text` on one line, such that it can't end the C comment that it stands in."""
    return re.sub(r"\s+", " ", text).replace("*/", "* /").replace("/*", "/ *").strip()


def folded(items: Sequence[str], begin: str, end: str) -> str:
    """`begin` + the items, separated by commas + `end`, folded at 80 columns as kernel code is.

    Continuation lines are aligned below the first item, by tabs and then blanks. Where an item is too long for that,
    the items begin on a line of their own, one tab deeper.
    """
    column = _width(begin)
    is_open = any(column + len(item) + 1 > _LINE for item in items)
    if is_open:
        column = (len(begin) - len(begin.lstrip("\t")) + 1) * _TAB
    lines = [begin]
    for index, item in enumerate(items):
        separator = "," if index < len(items) - 1 else end
        is_full = _width(lines[-1]) + 1 + len(item) + len(separator) > _LINE
        if is_full if index else is_open:
            lines.append("\t" * (column // _TAB) + " " * (column % _TAB) + item + separator)
        else:
            lines[-1] += (" " if index else "") + item + separator
    return "\n".join(lines) if items else begin + end


def parameters(declarations: Sequence[str], begin: str, end: str) -> str:
    """As `folded`, for a function's parameters, of which C wants `void` for none."""
    return folded(declarations or ("void",), begin, end)


def _width(line: str) -> int:
    return len(line.expandtabs(_TAB))
