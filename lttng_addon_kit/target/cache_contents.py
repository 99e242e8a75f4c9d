# SPDX-License-Identifier: GPL-2.0-only
"""What is in the cache, how large it is, and how to be rid of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.checksums import sum_file
from lttng_addon_kit.machine.folders import in_use, remove_tree, try_lock
from lttng_addon_kit.target.registry import list_targets

_CLEAR = "lttng-addon cache clear"
# What is created again by itself, in seconds: its kind, and where it is.
_RECREATED = {
    "builds of addons": "build/*/*",
    "types of kernels": "kernels/*.sqlite",
    "snapshots of machines": "targets/*/snapshots/*",
}


@dataclass(frozen=True)
class CacheUse:
    """Things of one kind in the cache: how many, how many bytes of disk they take, the command that removes them."""

    kind: str
    count: int
    size: int
    removed_by: str


def list_contents(cache: Path) -> list[CacheUse]:
    """All that is in the cache, a row a kind."""
    found = [_use(kind, _visible(cache, pattern), _CLEAR) for kind, pattern in _RECREATED.items()]
    for target in list_targets(cache):
        folder = cache / "targets" / target.name
        parts = [part for part in folder.glob("*") if part.name != "snapshots"]
        found.append(_use(f"target {target.name}", parts, f"lttng-addon target remove {target.name}", count=1))
    found.append(_use("recordings that had no room elsewhere", _visible(cache, "recordings/*"), "rm -r"))
    return [each for each in found if each.size]


def clear(cache: Path) -> int:
    """Remove what is created again by itself, but for what a process uses; return how many bytes that freed."""
    freed = 0
    for path in [path for pattern in _RECREATED.values() for path in _visible(cache, pattern)]:
        size = _size(path)
        if _remove(path):
            freed += size
    return freed


def _remove(path: Path) -> bool:
    """Remove something of the cache; False: it is in use."""
    if not path.is_dir():
        path.unlink()
        sum_file(path).unlink(missing_ok=True)
        return True
    if path.parent.name == "snapshots":
        if any(in_use(run) for run in (path.parents[1] / "runs").glob("*")):
            return False
        remove_tree(path)
        return True
    lock = path.with_name(f".{path.name}.lock")
    with try_lock(lock) as alone:
        if alone:
            remove_tree(path)
            lock.unlink(missing_ok=True)
        return alone


def _use(kind: str, paths: list[Path], removed_by: str, count: int | None = None) -> CacheUse:
    return CacheUse(kind, count or len(paths), sum(map(_size, paths)), removed_by)


def _visible(cache: Path, pattern: str) -> list[Path]:
    """What a pattern finds, but for locks and what is being made."""
    return sorted(path for path in cache.glob(pattern) if not path.name.startswith("."))


def _size(path: Path) -> int:
    """The bytes of disk that a file, or a folder with all in it, takes."""
    below = [Path(folder, name) for folder, folders, files in os.walk(path) for name in (*folders, *files)]
    return sum(each.lstat().st_blocks * 512 for each in (path, *below))
