# SPDX-License-Identifier: GPL-2.0-only
"""Durations as addon.toml has them: `100ms`."""

from __future__ import annotations

import re

_UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}


def nanoseconds(text: str) -> int:
    """A duration in nanoseconds.

    Raises:
        ValueError: the text is none.
    """
    found = re.fullmatch(r"(\d{1,9})(ns|us|ms|s)", text)
    if not found:
        raise ValueError(f"{text!r} is not a duration, as in '100ms' or '5s'")
    return int(found[1]) * _UNITS[found[2]]
