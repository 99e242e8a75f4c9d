# SPDX-License-Identifier: GPL-2.0-only
"""What is wrong in a trace's files, and which part of a damaged file can still be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lttng_addon_kit.trace.accounting import find_disagreement, places_agree
from lttng_addon_kit.trace.packet_index import IndexEntry, index_file, read_index
from lttng_addon_kit.trace.packet_layout import PacketLayouts
from lttng_addon_kit.trace.packets import Packet, read_packets, stream_files, stream_ids


@dataclass(frozen=True)
class Damage:
    """A file of a trace that can't be read, or not to its end."""

    file: Path
    reason: str


def blamed_file(error: Any, folder: Path) -> Path | None:
    """The file below `folder` that a babeltrace2 error names, if it names one."""
    for cause in error:
        for quoted in re.findall(r"[`']([^`']+)[`']", cause.message):
            file = Path(quoted)
            if file.is_file() and file.is_relative_to(folder):
                return file
    return None


def stream_file(folder: Path, layouts: PacketLayouts | None, port_name: str) -> Path:
    """The file of a stream, from its port's name `UUID | class | instance`; the folder where none fits.

    Where streams have no instance ids, the name ends with the file's path.
    """
    numbers = re.search(r"\| (\d+) \| (\d+)$", port_name)
    if numbers and layouts:
        wanted = int(numbers[1]), int(numbers[2])
        for file in stream_files(folder):
            if stream_ids(file, layouts) == wanted:
                return file
    named = folder / port_name.rpartition("/")[2]
    return named if named.is_file() else folder


def find_damage(file: Path, layouts: PacketLayouts) -> tuple[int, str]:
    """How many bytes of a stream's file can be read, and what is wrong with the rest ("": nothing)."""
    return judge_packets(file, list(read_packets(file, layouts)) if file.exists() else [])


def judge_packets(file: Path, packets: list[Packet]) -> tuple[int, str]:
    """The same, of packets that were read already."""
    entries = _index_of(file) or []
    vouched, disagreement = find_disagreement(packets, entries)
    if not file.exists():
        return 0, f"is missing; packets in its index: {len(entries)}" if entries else ""
    whole = sum(packet.size for packet in packets)
    if whole != file.stat().st_size and vouched == whole:
        return whole, f"has a packet at byte {whole} that is cut short or damaged; nothing after it is read"
    return vouched, disagreement


def find_index_damage(file: Path, layouts: PacketLayouts) -> str:
    """What is wrong with the index of a stream's file, which is read without it then ("": nothing)."""
    if not index_file(file).exists():
        return ""
    entries, packets = _index_of(file), list(read_packets(file, layouts))
    if entries is None:
        return "is damaged; its stream is read without it"
    if not places_agree(packets, entries):
        return "has packets elsewhere than its stream, which is read without it"
    lacking = len(packets) - len(entries)
    return (
        f"lacks {lacking} of the {len(packets)} packets in its stream, which is read without it" if lacking > 0 else ""
    )


def _index_of(file: Path) -> list[IndexEntry] | None:
    return read_index(index_file(file)) if index_file(file).exists() else None


def copy_readable(folder: Path, sizes: Mapping[str, int], to: Path) -> None:
    """Make the empty folder `to` a trace of `folder`'s files, those in `sizes` up to so many bytes (0: not at all).

    Whole files are linked, not copied. Indexes are left out: babeltrace2 makes its own.
    """
    for file in folder.iterdir():
        if not file.is_file():
            continue
        if file.name not in sizes:
            (to / file.name).symlink_to(file.resolve())
        elif sizes[file.name]:
            _copy_head(file, to / file.name, sizes[file.name])


def _copy_head(file: Path, to: Path, size: int) -> None:
    with file.open("rb") as source, to.open("wb") as sink:
        while size > 0 and (block := source.read(min(size, 1 << 20))):
            size -= len(block)
            sink.write(block)
