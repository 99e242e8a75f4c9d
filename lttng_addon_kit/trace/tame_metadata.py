# SPDX-License-Identifier: GPL-2.0-only
"""Metadata whose texts hold control characters, with these written out: what a name holds must not begin a line."""

from __future__ import annotations

import re
from pathlib import Path

from lttng_addon_kit.terminal import printable
from lttng_addon_kit.trace.trace_folders import METADATA

# As in C (CTF 1.8.3, C.1): a text, and in it an escape sequence or a character that needs none.
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CHARACTER = re.compile(r"\\(.)|[^\\]", re.DOTALL)
_ESCAPES = frozenset("abfnrtvx01234567")


def tamed(text: str) -> str:
    r"""The text of metadata; in its texts `\n` is written `\\n`, and a newline too."""
    return _TEXT.sub(lambda found: _CHARACTER.sub(_written_out, found[0]), text)


def write_tamed(text: str, folder: Path) -> None:
    """Give a folder, of links to a trace's files, metadata of this text."""
    file = folder / METADATA
    file.unlink()
    file.write_text(f"/* CTF 1.8 */\n{text}", encoding="utf-8")


def _written_out(character: re.Match[str]) -> str:
    if character[1]:
        return f"\\{character[0]}" if character[1] in _ESCAPES else character[0]
    return character[0] if character[0].isprintable() else printable(character[0]).replace("\\", "\\\\")
