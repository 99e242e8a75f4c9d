# SPDX-License-Identifier: GPL-2.0-only
"""What a trace's parts say of each other, compared: a stream's packets among themselves, and with its index."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.trace.packet_index import IndexEntry
from lttng_addon_kit.trace.packets import Packet


def places_agree(packets: Sequence[Packet], entries: Sequence[IndexEntry]) -> bool:
    """Whether an index places its packets where the stream has them, as far as both go; else it is damaged itself."""
    return all(
        (packet.offset, packet.size) == (entry.offset, entry.size)
        for packet, entry in zip(packets, entries, strict=False)
    )


def find_disagreement(packets: Sequence[Packet], entries: Sequence[IndexEntry]) -> tuple[int, str]:
    """How many bytes of a stream agree with all that is known of it, and what doesn't after that ("": nothing).

    Neither of two numbers that differ can be believed: both are the tracer's own.
    """
    indexed = entries if places_agree(packets, entries) else ()
    before: Packet | None = None
    lost = 0
    for number, packet in enumerate(packets):
        differing = _contradiction(packet, indexed[number]) if number < len(indexed) else ""
        differing = differing or _absurdity(before, packet, lost)
        if differing:
            return packet.offset, f"has a packet at byte {packet.offset} that says {differing}"
        before = packet
        lost = max(lost, packet.discarded_events or 0)
    lacking = len(indexed) - len(packets)
    whole = sum(packet.size for packet in packets)
    return whole, f"lacks {lacking} of the {len(indexed)} packets in its index" if lacking > 0 else ""


def _contradiction(packet: Packet, entry: IndexEntry) -> str:
    """What a packet and its entry in the index disagree on."""
    pairs = (
        (packet.content_bits, entry.content_bits, "bits of content"),
        (packet.discarded_events, entry.discarded_events, "events discarded"),
        (packet.begin, entry.begin, "as its begin"),
        (packet.end, entry.end, "as its end"),
        (packet.sequence, entry.sequence, "as its number"),
    )
    for said, indexed, what in pairs:
        if said is not None and indexed is not None and said != indexed:
            return f"{said:,} {what}, and its index {indexed:,}; nothing from there on is read"
    return ""


def _absurdity(before: Packet | None, packet: Packet, lost_before: int) -> str:
    """What can't be of a packet, by itself and after the one before it.

    A tracer loses no two events, nor two packets, in one tick of its clock: the ticks bound what it can have lost. A
    stream's first packet may count from long before it (a snapshot, a rotation), but not from before the clock. Some
    packets of LTTng's that the switch timer ends say that none was lost, in the middle of a stream of others (2.13.9):
    fewer than before is nothing absurd.
    """
    if packet.begin is None or not packet.end:  # a trace saved from a crash (lttng-crash) has ends of 0
        return ""
    since = before.begin or 0 if before else 0
    ticks = packet.end - since
    lost = (packet.discarded_events or 0) - lost_before
    skipped = (packet.sequence or 0) - (before.sequence or 0) - 1 if before else 0
    after = "; nothing from there on is read"
    if not since <= packet.begin <= packet.end:
        return f"it lasts from {packet.begin:,} to {packet.end:,}, after one that begins at {since:,}{after}"
    if lost > ticks:
        return f"{lost:,} more events were discarded than before, within {ticks:,} ticks of the clock{after}"
    if packet.sequence is not None and not 0 <= skipped <= ticks:
        return f"it is number {packet.sequence:,}, after number {before.sequence if before else 0:,}{after}"
    return ""
