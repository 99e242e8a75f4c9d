# SPDX-License-Identifier: GPL-2.0-only
"""The names of the kernel's functions, by /proc/kallsyms."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_FILE = Path("/proc/kallsyms")


def folded(stack: Sequence[int]) -> str:
    """A stack as a text that flame graphs are drawn from: the names of its functions, the outermost first."""
    return ";".join(_name(address) for address in reversed(stack))


def _name(address: int) -> str:
    """The function that an address lies in; the address itself where that is not known."""
    addresses, names = _functions()
    index = bisect_right(addresses, address) - 1
    return names[index] if index >= 0 else f"{address:#x}"


@cache
def _functions() -> tuple[list[int], list[str]]:
    """The functions by their addresses, in order; none where the kernel hides them."""
    lines = (line.split() for line in _FILE.read_text(encoding="utf-8").splitlines()) if _FILE.exists() else ()
    found = sorted((int(words[0], 16), words[2]) for words in lines if words[1] in "tTwW")
    found = [each for each in found if each[0]]
    return [address for address, _ in found], [name for _, name in found]
