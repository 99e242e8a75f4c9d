"""Words of the command line that stand for more than a text: NAME=VALUE, times, hooks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lttng_addon_kit.errors import UsageError

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


def parse_hook(text: str) -> str:
    """Read a hook; one without a kind is a tracepoint's."""
    return text if ":" in text else f"tracepoint:{text}"
