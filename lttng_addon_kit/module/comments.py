# SPDX-License-Identifier: GPL-2.0-only
"""Text for comments of C, folded at 80 columns."""

from __future__ import annotations

import re
import textwrap

_LINE = 80


def comment(text: str) -> str:
    """`text` on one line, such that it can't end the C comment that it stands in."""
    return re.sub(r"\s+", " ", text).replace("*/", "* /").replace("/*", "/ *").strip()


def comment_lines(text: str) -> str:
    """`text` as lines within a comment of several."""
    return textwrap.fill(
        comment(text),
        _LINE,
        initial_indent=" * ",
        subsequent_indent=" * ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def comment_block(text: str) -> str:
    """`text` as a comment of one line if that fits, else of several."""
    line = f"/* {comment(text)} */"
    return line if len(line) <= _LINE else f"/*\n{comment_lines(text)}\n */"
