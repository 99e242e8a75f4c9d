# SPDX-License-Identifier: GPL-2.0-only
"""Creates folders whole or not at all, by one process at a time, whatever interrupts it."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lttng_addon_kit.errors import KitError


@contextmanager
def locked(file: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Be the only process inside; the kernel frees the lock (flock(2)) when the process dies.

    Args:
        on_wait: called when another process is inside, before waiting for it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def try_lock(file: Path) -> Iterator[bool]:
    """Be the only process inside, as `locked`, if no process is: whether that is so."""
    with file.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def shared_lock(file: Path) -> Iterator[None]:
    """Hold off whoever tries to be the only process inside (`try_lock`); others may be here too."""
    with file.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """Create a folder beside `folder`, the user's alone, that takes its name when all went well, and is removed when
    not.

    Removes first what a try that was killed left; hold a lock.

    Raises:
        KitError: the disk is full.
    """
    prefix = f".{folder.name}-making-"
    folder.parent.mkdir(parents=True, exist_ok=True)
    for leftover in folder.parent.glob(f"{prefix}*"):
        remove_tree(leftover)
    making = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        yield making
        os.sync()  # what has the name is whole, even if the power fails now
        making.rename(folder)
    except OSError as error:
        remove_tree(making)
        message = f"cannot create {folder}: {error.strerror}"
        raise KitError(message, hint="make room there, then try again") from error
    except BaseException:
        remove_tree(making)
        raise


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, folders without write permission too.

    Raises:
        KitError: something is mounted in it, which is not the kit's to remove.
    """
    if mounts := mounts_in(folder):
        hint = f"sudo umount {' '.join(shlex.quote(str(each)) for each in mounts)}"
        raise KitError(f"cannot remove {folder}: {mounts[0]} is mounted in it", hint=hint)

    def allow(remove: Callable[[str], object], path: str, _: object) -> None:
        Path(path).parent.chmod(0o700)
        remove(path)

    if folder.exists():
        shutil.rmtree(folder, onerror=allow)


def mounts_in(folder: Path, process: int | str = "self") -> list[Path]:
    """The mount points in a folder, the innermost first, as a process sees them (proc(5), mountinfo)."""
    lines = Path(f"/proc/{process}/mountinfo").read_bytes().splitlines()
    escaped = [line.split()[4] for line in lines]  # a space in it is \040
    points = [Path(os.fsdecode(each.decode("unicode_escape").encode("latin-1"))) for each in escaped]
    return [each for each in reversed(points) if each.is_relative_to(folder.resolve())]


@contextmanager
def run_folder(runs: Path) -> Iterator[tuple[Path, int]]:
    """Create a folder for one run, and its lock: a process that holds the lock's file descriptor keeps it in use.

    Removes on the way the folders of runs that no process holds any more.
    """
    with _alone_in(runs):
        for old in runs.iterdir():
            _remove_unused(old)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=runs))
        lock = (folder / "lock").open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder, lock.fileno()
    finally:
        with _alone_in(runs):
            lock.close()
            _remove_unused(folder)


def remove_run(run: Path) -> None:
    """Remove the folder of a run that has ended; not if a process still holds its lock."""
    with _alone_in(run.parent):
        _remove_unused(run)


@contextmanager
def _alone_in(runs: Path) -> Iterator[None]:
    """Hold off other processes while a folder has no lock yet, or is being removed."""
    runs.mkdir(parents=True, exist_ok=True)
    with locked(runs.with_name(f"{runs.name}.lock"), lambda: None):
        yield


def _remove_unused(run: Path) -> None:
    if not in_use(run):
        remove_tree(run)


def in_use(run: Path) -> bool:
    """Whether a process still holds a run's lock."""
    try:
        with (run / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
