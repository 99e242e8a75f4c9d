"""Folders that are made whole or not at all, by one at a time, whatever interrupts it."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lttng_addon_kit.errors import KitError


@contextmanager
def locked(file: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Be the only one inside; the kernel frees the lock (flock(2)) when we die.

    Args:
        on_wait: called when somebody else is inside, before waiting for them.
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
def made_whole(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder` that takes its name when all went well, and is removed when not.

    What a try that was killed left is removed first; hold a lock.

    Raises:
        KitError: the disk is full.
    """
    prefix = f".{folder.name}-making-"
    folder.parent.mkdir(parents=True, exist_ok=True)
    for leftover in folder.parent.glob(f"{prefix}*"):
        remove_tree(leftover)
    making = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        making.chmod(0o755)
        yield making
        making.rename(folder)
    except OSError as error:
        remove_tree(making)
        message = f"{folder} can't be made: {error.strerror}"
        raise KitError(message, hint="make room there, then try again") from error
    except BaseException:
        remove_tree(making)
        raise


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, folders without write permission too."""

    def allow(remove: Callable[[str], object], path: str, _: object) -> None:
        Path(path).parent.chmod(0o700)
        remove(path)

    if folder.exists():
        shutil.rmtree(folder, onerror=allow)


@contextmanager
def run_folder(runs: Path) -> Iterator[tuple[Path, int]]:
    """A folder for one run, and its lock: whoever holds the lock's file descriptor open keeps the folder in
    use.

    Folders of runs that nobody holds any more are removed on the way.
    """
    runs.mkdir(parents=True, exist_ok=True)
    for old in runs.iterdir():
        if not in_use(old):
            remove_tree(old)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=runs))
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder, lock.fileno()
        finally:
            lock.close()
            if not in_use(folder):
                remove_tree(folder)


def in_use(run: Path) -> bool:
    """Whether somebody still holds a run's lock."""
    try:
        with (run / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
