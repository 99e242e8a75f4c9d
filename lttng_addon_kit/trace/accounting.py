# SPDX-License-Identifier: GPL-2.0-only
"""What a trace's parts say of each other, compared: a stream's packets and its index."""

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
    """How many bytes of a stream its index vouches for, and what they disagree on after that ("": nothing).

    Both places of an event's loss are the tracer's own: neither can be believed where they differ.
    """
    if not places_agree(packets, entries):
        return sum(packet.size for packet in packets), ""
    for packet, entry in zip(packets, entries, strict=False):
        differing = _difference(packet, entry)
        if differing:
            return packet.offset, f"{differing}; nothing from there on is read"
    lacking = len(entries) - len(packets)
    if lacking > 0:
        return sum(packet.size for packet in packets), f"lacks {lacking} of the {len(entries)} packets in its index"
    return sum(packet.size for packet in packets), ""


def _difference(packet: Packet, entry: IndexEntry) -> str:
    if packet.content_bits != entry.content_bits:
        said = f"{packet.content_bits:,} bits of content, and its index {entry.content_bits:,}"
    elif packet.discarded_events != entry.discarded_events:
        said = f"{packet.discarded_events:,} events discarded, and its index {entry.discarded_events:,}"
    else:
        return ""
    return f"has a packet at byte {packet.offset} that says {said}"
