# SPDX-License-Identifier: GPL-2.0-only
"""Text in comments of C."""

import pytest

from lttng_addon_kit.module.comments import comment, comment_block


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a->b == 1", "a->b == 1"),
        ("a\n\t && b", "a && b"),
        ("*/ panic(); /*", "* / panic(); / *"),
    ],
)
def test_comment_can_not_be_left(text: str, shown: str) -> None:
    assert comment(text) == shown


def test_comment_that_is_too_long_is_folded() -> None:
    assert comment_block("short") == "/* short */"
    assert comment_block("word " * 18).split("\n") == ["/*", f" * {'word ' * 14}word", " * word word word", " */"]
