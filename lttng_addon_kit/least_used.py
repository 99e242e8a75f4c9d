# SPDX-License-Identifier: GPL-2.0-only
"""Bounds what gathers in the cache: which files or folders of a kind are to go, the least recently used first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bound:
    """How many of a kind may stay; one that was used less than `seconds_in_use` ago stays whatever their number."""

    count: int
    seconds_in_use: float


def surplus(paths: Iterable[Path], bound: Bound, used_file: Callable[[Path], Path] = lambda path: path) -> list[Path]:
    """Those of the paths that are too many, the least recently used.

    Args:
        used_file: the file or folder whose time says when a path was last used; without one it never was.
    """
    times = {path: _time(used_file(path)) for path in paths}
    oldest_first = sorted(times, key=lambda path: times[path])
    unused_since = time.time() - bound.seconds_in_use
    return [path for path in oldest_first[: -bound.count] if times[path] < unused_since]


def _time(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0
