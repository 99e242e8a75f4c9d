# SPDX-License-Identifier: GPL-2.0-only
"""A recording and its trace, together: what every output form presents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.balance import find_imbalance, find_strangers
from lttng_addon_kit.session.recording import Recording, changed_metadata, find_recordings
from lttng_addon_kit.trace.model import Summary
from lttng_addon_kit.trace.reader import Reader


@dataclass(frozen=True)
class Report:
    """A trace's summary, and the recording that it is of if the kit recorded it.

    A recording of addons that have no events has no trace, and no summary; nor has one that ended early and of which
    no trace could be kept (`unreadable` says why). `changed` is what changed of the trace since it was recorded.
    """

    recording: Recording | None
    summary: Summary | None
    unreadable: str = ""
    changed: tuple[str, ...] = ()

    def refuse_partial(self) -> None:
        """Raise an error for a recording that did not get to its end, once what there is was shown.

        Raises:
            KitError: with what ended it, and what disagrees.
        """
        if self.recording:
            unreadable = [f"nothing of its trace can be read: {self.unreadable}"] if self.unreadable else []
            self.recording.refuse_partial([*self.imbalance, *unreadable])

    def refuse_incomplete(self) -> None:
        """Raise an error for a trace that lacks a part, once the rest of it was shown.

        Raises:
            KitError: it ended early, a file of the trace is damaged, or it disagrees with what was recorded.
        """
        self.refuse_partial()
        if self.summary and self.summary.error:
            raise self.summary.error
        if self.imbalance:
            raise KitError(
                "what is known of the recording and its trace disagree",
                details="\n".join(self.imbalance),
                hint="was the machine's disk full meanwhile, or the trace damaged since? record again, or less",
            )

    @property
    def imbalance(self) -> list[str]:
        """What of the recording disagrees with its trace, a sentence each."""
        if not self.recording or not self.summary:
            return []
        counts = {name: event.count for name, event in self.summary.events.items()}
        lost = self.summary.discarded_events, self.summary.discarded_packets
        fields = {name: event.fields for name, event in self.summary.events.items() if event.count}
        return [*self.changed, *find_strangers(self.recording, fields), *find_imbalance(self.recording, counts, *lost)]


def read_report(folder: Path, reader: Reader = Reader.AUTO) -> Report:
    """Read a trace, by `reader`, and its recording.json if it has one.

    Raises:
        UsageError, KitError: there is no trace, nothing of it can be read, or recording.json is damaged.
    """
    recordings = find_recordings(folder)
    recording = recordings.get(folder.resolve())
    if recording and not recording.event_names:
        return Report(recording, None)
    names = recording.event_names if recording else ()
    try:
        summary = _summarise(folder, recordings.values(), names, reader)
    except KitError as error:
        if recording is None or recording.state == "complete":
            raise
        return Report(recording, None, error.message)
    changed = tuple(changed_metadata(recording, folder)) if recording else ()
    return Report(recording, summary, changed=changed)


def summarise_recorded(folder: Path) -> Summary:
    """Summarise a trace, with what is recorded about its fields.

    Raises:
        UsageError, KitError: as `read_report`.
    """
    return _summarise(folder, find_recordings(folder).values(), (), Reader.AUTO)


def view_recorded(folder: Path, out: TextIO) -> None:
    """Print a trace's events, with what is recorded about their fields.

    Raises:
        OSError, UsageError, KitError: as `view`.
    """
    from lttng_addon_kit.output.events_text import view

    view(folder, out, known_addresses(find_recordings(folder).values()))


def _summarise(folder: Path, recordings: Iterable[Recording], names: tuple[str, ...], reader: Reader) -> Summary:
    # Imported here: a recording without events needs no numpy.
    from lttng_addon_kit.trace.summary import summarise

    return summarise(folder, expected_events=names, addresses=known_addresses(recordings), reader=reader)


def known_addresses(recordings: Iterable[Recording]) -> dict[str, Mapping[str, str]]:
    """Which fields are addresses, by event and field, as recordings say."""
    return {event: known for recording in recordings for event, known in recording.addresses.items()}
