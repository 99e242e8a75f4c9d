# SPDX-License-Identifier: GPL-2.0-only
"""Whether a recording and its trace agree: on how many events there are or were lost, and what they are called."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lttng_addon_kit.session.recording import Recording


def find_imbalance(recording: Recording, counts: Mapping[str, int], discarded: int, lost_packets: int) -> list[str]:
    """Compare what passed with what a trace holds.

    Hits just before the session starts, or after it stops, are counted as passed and rightly not recorded: the
    module's own counts, read after the start and before the stop, are the least that must be there.

    Args:
        counts: the events in the trace, by name.
        discarded, lost_packets: what the trace's packets say was lost; LTTng's own count is the recording's.

    Returns:
        A sentence for each pair of numbers that disagree.
    """
    found = _more_than_possible(recording, counts) + _spans_astray(recording)
    recorded = sum(counts.get(event.name, 0) for event in recording.events)
    loss = recording.loss
    for what, in_trace, by_lttng in (
        ("events", discarded, loss.discarded_events),
        ("packets", lost_packets, loss.lost_packets),
    ):
        if in_trace != by_lttng:
            found.append(f"discarded {what}: {in_trace:,} by the trace, but {by_lttng:,} by LTTng's own count")
    lost = max(discarded, loss.discarded_events)
    least = sum(event.passed_at_least or 0 for event in recording.events)
    if recorded + lost < least and not lost_packets and not loss.lost_packets:
        found.append(
            f"{least:,} events passed while the session recorded, but the trace has {recorded:,} and {lost:,} were"
            f" discarded: {least - recorded - lost:,} are missing"
        )
    return found


def find_strangers(recording: Recording, fields: Mapping[str, Collection[str]]) -> list[str]:
    """Compare what events and fields are called in a trace with what was enabled: bits of its metadata may flip.

    Args:
        fields: the names of the fields of each event that is in the trace.

    Returns:
        A sentence for each event that was not enabled, and for each whose fields are others.
    """
    known = {event.name: event.fields for event in recording.events}
    found = []
    for event, named in fields.items():
        if event not in known:
            found.append(f"the trace has events called {event!r}, which was not enabled")
            continue
        wanted = known[event]
        if wanted is not None and set(named) != set(wanted):
            found.append(f"{event}: its fields are {_listed(wanted)}, but {_listed(named)} in the trace")
    return found


def _listed(names: Collection[str]) -> str:
    return ", ".join(map(repr, sorted(names))) or "none"


def _spans_astray(recording: Recording) -> list[str]:
    """Spans of which more began than ended, were dropped, timed out, began anew or are open; or fewer."""
    return [
        f"span {name}: {span.begun:,} began, but {span.accounted:,} ended, were dropped, timed out, began anew or are"
        " open"
        for addon in recording.addons
        for name, span in addon.spans.items()
        if span.begun != span.accounted
    ]


def _more_than_possible(recording: Recording, counts: Mapping[str, int]) -> list[str]:
    """What counts more than it can, by the counts that it is a part of."""
    found = []
    for event in recording.events:
        recorded, least = counts.get(event.name, 0), event.passed_at_least or 0
        if recorded > event.passed:
            found.append(f"{event.name}: {event.passed:,} passed, but the trace has {recorded:,}")
        if not least <= event.passed <= event.seen:
            found.append(
                f"{event.name}: {event.seen:,} hits, but {event.passed:,} passed the filter, {least:,} of them while"
                " the session recorded"
            )
    return found
