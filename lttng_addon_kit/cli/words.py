# SPDX-License-Identifier: GPL-2.0-only
"""Words of the command line that stand for more than a text: NAME=VALUE, times, hooks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, time
from typing import TYPE_CHECKING

from lttng_addon_kit.errors import UsageError

if TYPE_CHECKING:
    from lttng_addon_kit.trace.selection import TraceTime

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def split_workload(words: list[str]) -> tuple[list[str], tuple[str, ...] | None]:
    """Split the command line at `--`: what follows is the workload's, whatever it looks like (None: no `--`)."""
    if "--" not in words:
        return words, None
    at = words.index("--")
    return words[:at], tuple(words[at + 1 :])


def parse_pairs(words: Iterable[str] | None, option: str) -> dict[str, str]:
    """Read an option's NAME=VALUE words.

    Raises:
        UsageError: a word is none, or two have the same name.
    """
    pairs: dict[str, str] = {}
    for word in words or ():
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{option} takes NAME=VALUE, not {word!r}")
        if name in pairs:
            raise UsageError(f"{option} names {name!r} twice")
        pairs[name] = value
    return pairs


def parse_seconds(text: str) -> float:
    """Read a time such as 500ms, 10s, 2m or 1h; a bare number is in seconds.

    Raises:
        UsageError: it is no time, or 0.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)?", text)
    if not found or not float(found[1]):
        raise UsageError(f"{text!r} is not a time, as in 500ms, 10s or 2m")
    return float(found[1]) * _SECONDS[found[2] or "s"]


def parse_moment(text: str, option: str) -> TraceTime:
    """Read a moment of a trace: 1.5s after its begin, 10:00:01.5 as `view` shows it, or a date and time by ISO 8601.

    Raises:
        UsageError: it is none of these.
    """
    from lttng_addon_kit.trace.selection import TraceTime

    if re.fullmatch(r"\d+(?:\.\d+)?(ms|s|m|h)", text):
        return TraceTime(round(parse_seconds(text) * 1e9) if float(text.rstrip("msh")) else 0, "begin")
    whole, _, fraction = text.partition(".")
    found = re.fullmatch(r"(\d{1,9})(Z|[+-]\d\d:\d\d)?", fraction or "0")
    with suppress(ValueError):
        if found:
            ns = int(found[1].ljust(9, "0"))
            if re.match(r"\d\d:\d\d", whole):
                of_day = time.fromisoformat(whole)
                return TraceTime((of_day.hour * 3600 + of_day.minute * 60 + of_day.second) * 10**9 + ns, "midnight")
            day = datetime.fromisoformat(whole + (found[2] or ""))
            return TraceTime(int(day.timestamp()) * 10**9 + ns)
    raise UsageError(f"{option} takes 1.5s (after the begin), 10:00:01.5 or 2026-01-31T10:00:01.5, not {text!r}")


def parse_hook(text: str) -> str:
    """Read a hook; one without a kind is a tracepoint's."""
    return text if ":" in text else f"tracepoint:{text}"
