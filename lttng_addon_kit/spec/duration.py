# SPDX-License-Identifier: GPL-2.0-only
"""Durations as addon.toml has them: `500ms`, `5s`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
# What is shorter is of no use: spans are looked through for old ones every quarter of a time-out.
_SHORTEST = 10**6


def nanoseconds(text: str) -> int:
    """A duration in nanoseconds.

    Raises:
        ValueError: the text is none.
    """
    found = re.fullmatch(r"(\d{1,9})(ns|us|ms|s)", text)
    if not found:
        raise ValueError(f"{text!r} is not a duration, as in '100ms' or '5s'")
    return int(found[1]) * _UNITS[found[2]]


def _long_enough(text: str) -> str:
    if nanoseconds(text) < _SHORTEST:
        raise ValueError(f"{text!r}: at least 1ms")
    return text


Duration = Annotated[str, AfterValidator(_long_enough)]
