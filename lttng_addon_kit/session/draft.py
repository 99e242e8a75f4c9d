# SPDX-License-Identifier: GPL-2.0-only
"""A recording while it is being made: its folder, whose recording.json says at every moment how far it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.recording import TRACE, Problem, Recording, save, sum_metadata
from lttng_addon_kit.workspace import cache_folder

# What a recording takes beside its trace: recording.json and kernel.log.
_LEAST_BYTES = 4 << 20


class Draft:
    """A recording that is being made. It moves elsewhere, and says so, when its folder's disk is full.

    Args:
        traces: the folder that gets its folder.
        recording: all that is known of it at first.
        progress: where it says where it is.
    """

    def __init__(self, traces: Path, recording: Recording, progress: Progress) -> None:
        self._traces = traces
        self._recording = recording
        self._progress = progress
        self._folder: Path | None = None

    @property
    def exists(self) -> bool:
        """Whether `create` was called."""
        return self._folder is not None

    @property
    def folder(self) -> Path:
        """Its folder, once it was created."""
        assert self._folder
        return self._folder

    @property
    def trace(self) -> Path:
        """The folder that gets, or has, its trace."""
        return self.folder / TRACE

    def create(self) -> None:
        """Create its folder, and recording.json in it."""
        try:
            self._folder = _new_folder(self._traces, self._recording)
        except OSError as error:
            self._traces = self._find_place(_LEAST_BYTES, str(error.strerror))
            self._folder = _new_folder(self._traces, self._recording)
            self._progress.say(f"the recording is kept in {self._folder}")
        self.note()

    def note(self, **changes: object) -> None:
        """Write down what else is known.

        Raises:
            KitError: no place has room.
        """
        self._recording = self._recording.model_copy(update=changes)
        try:
            save(self._recording, self.folder)
        except OSError as error:
            self.move(_LEAST_BYTES, str(error.strerror))
            save(self._recording, self.folder)

    def complete(self, log: str) -> None:
        """Note that all is there, with the machine's kernel log."""
        self._end(log, state="complete")

    def complete_early(self, error: KitError, log: str) -> None:
        """Note that a run ended early, why, and what is known of the machine's kernel log."""
        problem = Problem(message=error.message, hint=error.hint, details=error.details)
        self._end(log, state="salvaged", problem=problem)

    def discard(self) -> None:
        """Remove its folder, unless the trace is in it."""
        if self._folder and not self.trace.exists():
            shutil.rmtree(self._folder, ignore_errors=True)

    def need_room(self, size: int) -> None:
        """See that a trace of `size` bytes has room where the recording is; else move it.

        Raises:
            KitError: no place has room.
        """
        needed = 2 * size + _LEAST_BYTES  # as an archive, and unpacked
        if _free(self._traces) < needed:
            self.move(needed, f"no room for a trace of {size / 1e6:.1f} MB")

    def move(self, needed: int, why: str) -> None:
        """Move the recording to a place where so many bytes are free.

        Raises:
            KitError: there is none.
        """
        place = self._find_place(needed, why)
        folder = _new_folder(place, self._recording)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._progress.say(f"{self._traces}: {why}; the recording is kept in {folder}")
        self._folder, self._traces = folder, place

    def _find_place(self, needed: int, why: str) -> Path:
        places = [cache_folder() / "recordings", Path(tempfile.gettempdir())]
        for place in places:
            if _free(place) >= needed:
                return place
        tried = ", ".join(map(str, [self._traces, *places]))
        raise KitError(f"the recording can't be kept in {self._traces}: {why}", hint=f"make room in one of {tried}")

    def _end(self, log: str, **changes: object) -> None:
        self.note(kernel_problems=tuple(find_problems(log)), metadata=sum_metadata(self.folder), **changes)
        (self.folder / "kernel.log").write_text(log, encoding="utf-8")


def check_room(traces: Path) -> None:
    """See, before anything is begun, that the folder of the recordings can have another one.

    Raises:
        KitError: it can't be written, or its disk is full.
    """
    there = next(each for each in (traces, *traces.absolute().parents) if each.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            os.posix_fallocate(file.fileno(), 0, _LEAST_BYTES)
    except OSError as error:
        hint = "make room there, or run it in another folder"
        raise KitError(f"no recording can be kept in {traces}: {error.strerror}", hint=hint) from None


def _free(place: Path) -> int:
    """The bytes that are free in a folder, created if it does not exist; 0 where nothing can be written."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return shutil.disk_usage(place).free
    except OSError:
        return 0


def _new_folder(traces: Path, recording: Recording) -> Path:
    """Create a folder whose name sorts by time and says what was recorded; numbered if two begin in one second."""
    traces.mkdir(parents=True, exist_ok=True)
    name = f"{recording.begun:%Y%m%d-%H%M%S}-{'+'.join(addon.name for addon in recording.addons)}"
    for attempt in range(1, 1000):
        folder = traces / (name if attempt == 1 else f"{name}.{attempt}")
        try:
            folder.mkdir(mode=0o700)  # what a kernel does is its users' business, and nobody else's
        except FileExistsError:
            continue
        return folder
    raise KitError(f"can't create a new folder in {traces}")
