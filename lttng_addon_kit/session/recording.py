"""What one run left behind: a folder below traces/ with the CTF trace and recording.json beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.session.aggregates import Snapshot
from lttng_addon_kit.session.lttng import Loss

FILE_NAME = "recording.json"
# The folder beside it that has the CTF trace.
TRACE = "trace"


class RecordedEvent(BaseModel):
    """An event that was enabled, whether it came or not.

    `seen` is how often its hook was hit while it was recorded, `passed` how often the filter let it pass; `missed`
    is how often the kernel could not call a kprobe or kretprobe (too many calls under way at once, or a hit in the
    middle of another probe).
    `addresses` are the fields that are addresses, which CTF 1.8 can't say; None: it isn't known which are.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    hook: str
    filter: str | None
    seen: int
    passed: int
    missed: int = 0
    addresses: dict[str, Literal["ip4", "ip6", "mac"]] | None = None


class Collected(BaseModel):
    """What an addon had collected before the workload, and after it."""

    model_config = ConfigDict(frozen=True)

    before: Snapshot
    after: Snapshot


class RecordedAddon(BaseModel):
    """An addon as it was loaded: its parameters' values are those at the end of the run.

    `collected` is None for an addon without aggregates and records.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    parameters: dict[str, str]
    events: tuple[RecordedEvent, ...]
    collected: Collected | None = None


class Recording(BaseModel):
    """One run of one or more addons."""

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

    @property
    def event_names(self) -> tuple[str, ...]:
        """The names of all events that were enabled."""
        return tuple(event.name for addon in self.addons for event in addon.events)


def save(recording: Recording, folder: Path) -> None:
    """Write recording.json into a trace's folder."""
    (folder / FILE_NAME).write_text(recording.model_dump_json(indent=2) + "\n", encoding="utf-8")


def load(folder: Path) -> Recording | None:
    """The recording of a trace's folder; None for a trace that somebody else made.

    Raises:
        KitError: recording.json is there and is none.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return None
    try:
        return Recording.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as problem:
        raise KitError(f"{path} is damaged: {problem}", hint="remove it to read the trace without it") from None


def recording_of(trace: Path) -> Recording | None:
    """The recording that a CTF trace is part of, by the folder of either; None for a trace that somebody else made.

    Raises:
        KitError: as `load`.
    """
    place = trace.resolve()
    for folder in (place, *place.parents):
        if folder.name == TRACE and (folder.parent / FILE_NAME).exists():
            return load(folder.parent)
    return load(trace)


def list_recordings(traces: Path) -> list[Path]:
    """The recordings' folders, the oldest first (their names begin with the time)."""
    return sorted(path.parent for path in traces.glob(f"*/{FILE_NAME}"))


def newest_recording(traces: Path) -> Path:
    """The folder of the newest recording.

    Raises:
        UsageError: there is none.
    """
    folders = list_recordings(traces)
    if not folders:
        raise UsageError(f"no recording in {traces} yet", hint="lttng-addon run makes one")
    return folders[-1]
