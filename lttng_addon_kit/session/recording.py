# SPDX-License-Identifier: GPL-2.0-only
"""What one run leaves behind: a folder below traces/ with the CTF trace and recording.json beside it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, computed_field

from lttng_addon_kit.checksums import checksum
from lttng_addon_kit.errors import KitError, UsageError, nearest
from lttng_addon_kit.plain_files import read_plain
from lttng_addon_kit.session.collected import Gained, Snapshot, gained
from lttng_addon_kit.session.lttng import Loss

FILE_NAME = "recording.json"
# How far a recording got: "begun" is one whose command was killed, "salvaged" one whose run ended early.
State = Literal["begun", "salvaged", "complete"]
# The folder beside it that has the CTF trace.
TRACE = "trace"


class RecordedEvent(BaseModel):
    """An event that was enabled, whether it occurred or not.

    `seen` counts the hits of its hook while it was recorded, `passed` those that passed the filter, `missed` those
    for which the kernel could not call a kprobe or kretprobe (too many concurrent calls, or a hit inside another
    probe). `passed_at_least` is the part of `passed` that was surely hit between start and stop of the session, and so
    has to be in the trace or lost; None: it isn't known.
    `duration` is the field that says how long what ended with the event took, if it has one; None too where that isn't
    known.
    `addresses` are the fields that are addresses, each with its kind (ip4, ip6, mac), which CTF 1.8 can't say; None:
    it isn't known which are. `fields` are the names of all; None: they aren't known.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    hook: str
    filter: str | None
    seen: int
    passed: int
    missed: int = 0
    passed_at_least: int | None = None
    addresses: Mapping[str, str] | None = None
    fields: tuple[str, ...] | None = None
    duration: str | None = None


class CollectedMeanwhile(BaseModel):
    """What an addon had collected before the workload, and after it; `gained` is what its aggregates gained by it."""

    model_config = ConfigDict(frozen=True)

    before: Snapshot
    after: Snapshot

    @computed_field
    def gained(self) -> dict[str, Gained]:
        """The workload's part of each aggregate."""
        now, then = self.after.aggregates, self.before.aggregates
        return {name: gained(then[name], rows) for name, rows in now.items() if name in then}


class RecordedSpan(BaseModel):
    """What became of a span's openings since its module was loaded.

    `open` had not ended yet; `nested` begins found their key open and left it so; `no_room` begins found no free
    entry; `unmatched` ends had no begin.
    """

    model_config = ConfigDict(frozen=True)

    begun: int
    ended: int
    dropped: int
    timed_out: int
    restarted: int
    open: int
    nested: int
    no_room: int
    unmatched: int

    @property
    def accounted(self) -> int:
        """How many of those that began are accounted for."""
        return self.ended + self.dropped + self.timed_out + self.restarted + self.open


class RecordedAddon(BaseModel):
    """An addon as it was loaded: its parameters' values are those at the end of the run.

    `collected` is None for an addon without aggregates and records. `faults` counts its reads of memory that failed
    since it was loaded, and gave 0 or no text: of user space, through a pointer into it that user() does not name, and
    those that reads = "nofault" tries.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    parameters: dict[str, str]
    events: tuple[RecordedEvent, ...]
    spans: dict[str, RecordedSpan] = {}
    collected: CollectedMeanwhile | None = None
    faults: int = 0


class Problem(BaseModel):
    """What ended a run early, as an error says it."""

    model_config = ConfigDict(frozen=True)

    message: str
    hint: str = ""
    details: str = ""


class Recording(BaseModel):
    """One run of one or more addons; one that did not get to its end (`state`) lacks numbers and events.

    `problem` is what ended a run that was salvaged. `metadata` has the CRC-32 of each of its trace's files of that
    name, by its path below the recording's folder.
    """

    model_config = ConfigDict(frozen=True)

    begun: datetime
    target: str
    kernel_release: str
    lttng_version: str
    addons: tuple[RecordedAddon, ...]
    workload: tuple[str, ...]
    workload_status: int | None
    interrupted: bool
    loss: Loss
    kernel_problems: tuple[str, ...]
    state: State = "complete"
    problem: Problem | None = None
    metadata: Mapping[str, str] = {}

    @property
    def events(self) -> tuple[RecordedEvent, ...]:
        """The events of all addons."""
        return tuple(event for addon in self.addons for event in addon.events)

    @property
    def event_names(self) -> tuple[str, ...]:
        """The names of all events that were enabled."""
        return tuple(event.name for event in self.events)

    @property
    def addresses(self) -> dict[str, Mapping[str, str]]:
        """Which fields are addresses, by event and field; without the events of which it isn't known."""
        return {event.name: event.addresses for event in self.events if event.addresses is not None}

    def refuse_failed(self) -> None:
        """Raise an error for a run that was recorded but still failed.

        Raises:
            KitError: it ended early, the kernel complained in its log, or the workload's status is not 0.
        """
        self.refuse_partial()
        if self.kernel_problems:
            raise KitError(
                "the kernel complained while this was recorded (kernel.log has it all)",
                details="\n".join(self.kernel_problems),
            )
        if self.workload_status:
            raise KitError(f"the workload, {shlex.join(self.workload)}, ended with status {self.workload_status}")

    def refuse_partial(self, disagreeing: Sequence[str] = ()) -> None:
        """Raise an error for a recording that did not get to its end.

        Args:
            disagreeing: what its numbers disagree on, and what else is known of it, a sentence each.

        Raises:
            KitError: with what ended it.
        """
        more = "\n".join(disagreeing)
        if self.problem:
            hint, details = self.problem.hint, "\n".join(filter(None, [more, self.problem.details]))
            raise KitError(f"the recording is incomplete: {self.problem.message}", hint=hint, details=details)
        if self.state != "complete":
            hint = "record again; if it is still being recorded, wait"
            raise KitError("the recording was begun and not completed", hint=hint, details=more)


def save(recording: Recording, folder: Path) -> None:
    """Write recording.json into a recording's folder, whole or not at all."""
    making = folder / f".{FILE_NAME}"
    with making.open("w", encoding="utf-8") as file:
        file.write(recording.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    making.rename(folder / FILE_NAME)


def sum_metadata(folder: Path) -> dict[str, str]:
    """The CRC-32 of each file of metadata below a recording's folder."""
    files = sorted((folder / TRACE).rglob("metadata"))
    return {str(file.relative_to(folder)): checksum(file) for file in files if file.is_file()}


def changed_metadata(recording: Recording, folder: Path) -> list[str]:
    """What changed of the metadata in a recording's folder since it was recorded, a sentence each."""
    now = sum_metadata(folder)
    return [
        f"{name} has changed since it was recorded" for name, was in recording.metadata.items() if now.get(name) != was
    ]


def load(folder: Path) -> Recording | None:
    """Read the recording of a trace's folder; None for a trace that the kit did not record.

    Raises:
        KitError: recording.json exists but can't be read.
    """
    path = folder / FILE_NAME
    return _read(path) if path.exists() else None


def _read(path: Path) -> Recording:
    try:
        return Recording.model_validate_json(read_plain(path))
    except (OSError, ValidationError, UnicodeDecodeError) as problem:
        raise KitError(f"{path} is damaged: {problem}", hint="remove it to read the trace without it") from None


def find_recordings(trace: Path) -> dict[Path, Recording]:
    """Read the recordings that a folder of traces is, is part of, or has below it; by their folders.

    Raises:
        KitError: as `load`.
    """
    place = trace.resolve()
    above = [folder.parent / FILE_NAME for folder in (place, *place.parents) if folder.name == TRACE]
    files = [file for file in above if file.exists()][:1] or sorted(place.rglob(FILE_NAME))
    return {file.parent: _read(file) for file in files}


def list_recordings(traces: Path) -> list[Path]:
    """The recordings' folders, the oldest first (their names begin with the time)."""
    return sorted(path.parent for path in traces.glob(f"*/{FILE_NAME}"))


def find_trace(traces: Path, named: Path | None) -> Path:
    """Find the folder of a trace: a path, a recording's name, or the newest recording.

    Raises:
        UsageError: there is none.
    """
    if named is None:
        return _newest_recording(traces)
    if named.exists():
        return named
    if (traces / named).is_dir():
        return traces / named
    names = [folder.name for folder in list_recordings(traces)]
    raise UsageError(f"no trace {named}", hint=nearest(str(named), names) or "lttng-addon list traces")


def _newest_recording(traces: Path) -> Path:
    folders = list_recordings(traces)
    if not folders:
        raise UsageError(f"no recording in {traces} yet", hint="lttng-addon run creates one")
    return folders[-1]
