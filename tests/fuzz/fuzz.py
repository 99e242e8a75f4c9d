# SPDX-License-Identifier: GPL-2.0-only
"""Broken input for the command: it ends with status 0, 1 or 2 and without a traceback, and soon.

    python -m tests.fuzz.fuzz SECONDS [SEED[/NUMBER]]

The commands run in this process, by the command's own entry point, on the kernel that the tests ship; nothing is built.
A round is decided by the seed and its number, which alone repeat it. What fails is kept.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType
from unittest.mock import patch

from lttng_addon_kit.__main__ import main as entry_point
from lttng_addon_kit.errors import KitError
from tests.fuzz.inputs import KINDS, Input
from tests.shipped_kernel.shipped import open_shipped_kernel

_LONGEST = 30
_ALLOWED = (0, 1, 2)


class Hang(BaseException):
    """A command has not ended in time."""


@dataclass(frozen=True)
class Failure:
    """A round that went wrong: what repeats it, what was run, how it ended, and where its input is kept."""

    round: str
    words: Sequence[str]
    status: object
    said: str
    kept: Path


def fuzz(seconds: float, seed: str, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Counter[str], list[Failure]]:
    """Run rounds until the time is up; how many of each kind and status there were, and those that failed."""
    counts: Counter[str] = Counter()
    failures = []
    with _prepared() as folder:
        end = time.monotonic() + seconds
        for number in _numbers(seed):
            if time.monotonic() > end:
                break
            kind = kinds[number % len(kinds)]
            status, failure = _round(KINDS[kind], f"{seed.partition('/')[0]}/{number}", folder)
            counts[f"{kind}: {status}"] += 1
            failures += [failure] if failure else []
    return counts, failures


def _numbers(seed: str) -> Iterator[int]:
    _, slash, only = seed.partition("/")
    yield from [int(only)] if slash else iter(range(sys.maxsize))


def _round(make: Callable[[Random, Path], Input], name: str, folder: Path) -> tuple[object, Failure | None]:
    with tempfile.TemporaryDirectory(dir=folder) as here:
        given = make(Random(name), Path(here))
        status, said = run(given.words, Path(here))
        if status in _ALLOWED and "Traceback" not in said:
            return status, None
        kept = Path(tempfile.mkdtemp(prefix="lttng-addon-fuzz-")) / "input"
        Path(here).rename(kept)
        Path(here).mkdir()
        return status, Failure(name, given.words, status, said, kept)


def run(words: Sequence[str], here: Path) -> tuple[object, str]:
    """Run the command in a folder: its exit status, or what it raised, and what it said."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    before = Path.cwd()
    os.chdir(here)
    signal.signal(signal.SIGALRM, _hang)
    signal.alarm(_LONGEST)
    status: object = 0
    try:
        with redirect_stdout(said), redirect_stderr(said), patch.object(sys, "argv", ["lttng-addon", *words]):
            entry_point()
    except SystemExit as ended:
        status = ended.code or 0
    except BaseException as raised:
        status = repr(raised)
    finally:
        signal.alarm(0)
        os.chdir(before)
    said.seek(0)
    return status, said.read()


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hang


@contextmanager
def _prepared() -> Iterator[Path]:
    """A folder to work in; no command finds a real target, cache or home."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "kernel").mkdir()
        kernel = open_shipped_kernel(folder / "kernel")
        environment = {"HOME": name, "LTTNG_ADDON_KIT_CACHE": str(folder / "cache"), "COLUMNS": "100"}
        with (
            patch.dict(os.environ, environment),
            patch("lttng_addon_kit.api.target_kernel", lambda setting: kernel),
            patch("lttng_addon_kit.api.build", _no_build),
        ):
            yield folder


def _no_build(*arguments: object) -> None:
    raise KitError("nothing is built here")


def main() -> None:
    """See the top of this file."""
    seed = sys.argv[2] if len(sys.argv) > 2 else str(time.time_ns())
    print(f"seed {seed}", flush=True)
    counts, failures = fuzz(float(sys.argv[1]), seed)
    for what, count in sorted(counts.items()):
        print(f"{count:8,} {what}")
    for failure in failures:
        print(f"\n{failure.round}: {list(failure.words)}\n  {failure.status}; input kept in {failure.kept}")
        print("  " + failure.said[-2000:].replace("\n", "\n  "))
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
