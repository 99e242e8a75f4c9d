# SPDX-License-Identifier: GPL-2.0-only
"""Read a trace's events in batches by the kit's own decoder, stream by stream."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.typing import NDArray

from lttng_addon_kit.trace.damage import Damage, find_index_damage, judge_packets
from lttng_addon_kit.trace.event_batch import Addresses, EventBatch, Findings
from lttng_addon_kit.trace.metadata.described import DescribedTrace, UnsupportedMetadata
from lttng_addon_kit.trace.own.packet_feed import BATCH, ROOM, PacketFeed, UnreadableEvent
from lttng_addon_kit.trace.own.program import EventPlan, StreamProgram, compile_stream
from lttng_addon_kit.trace.packet_index import index_file, indexed_streams
from lttng_addon_kit.trace.packet_layout import PacketLayouts, layouts_of
from lttng_addon_kit.trace.packets import Packet, read_packets, stream_files, stream_ids
from lttng_addon_kit.trace.stream_clock import StreamClock, clock_of, in_order

# Times in ns after it still have 63 bits.
_LATEST_ZERO = 1 << 62


@dataclass(frozen=True)
class ReadableTrace:
    """A trace that the own decoder reads: how its packets and its streams' events are laid out, by stream id."""

    folder: Path
    layouts: PacketLayouts
    programs: Mapping[int, StreamProgram]
    clocks: Mapping[int, StreamClock | None]


@dataclass(frozen=True)
class _StreamFile:
    """A file of a stream: its packets that can be read."""

    path: Path
    packets: tuple[Packet, ...]


def prepare(folder: Path, trace: DescribedTrace) -> ReadableTrace:
    """What reading a trace needs.

    Raises:
        UnsupportedMetadata: something in it is beyond the own reader.
    """
    layouts = layouts_of(trace)
    if layouts is None or not all(layout.is_known for layout in layouts.streams.values()):
        raise UnsupportedMetadata("its packets don't begin with their sizes")
    try:
        programs = {number: compile_stream(stream) for number, stream in trace.streams.items()}
    except RecursionError:
        raise UnsupportedMetadata("its types are nested too deeply") from None
    clocks = {number: _clock(trace, stream.clock) for number, stream in trace.streams.items()}
    return ReadableTrace(folder, layouts, programs, clocks)


def _clock(trace: DescribedTrace, name: str) -> StreamClock | None:
    if not name:
        return None
    clock = trace.clocks.get(name)
    if clock is None:
        raise UnsupportedMetadata(f"it has no clock {name}")
    found = clock_of(clock.frequency, clock.offset_seconds, clock.offset_cycles)
    if abs(found.offset_ns) > _LATEST_ZERO:
        raise UnsupportedMetadata(f"its clock {name} begins beyond the times that 64 bits can tell")
    return found


def read_by_ourselves(trace: ReadableTrace, findings: Findings, addresses: Addresses) -> Iterator[EventBatch]:
    """Read all events of a trace; `findings` gets what else is found."""
    for (number, _instance), files in _streams(trace, findings).items():
        stream = _OwnStream(trace.programs[number], trace.clocks[number], findings, addresses)
        yield from stream.read(files)


def _streams(trace: ReadableTrace, findings: Findings) -> dict[tuple[int, object], list[_StreamFile]]:
    """The files of each stream, in order of time: a stream whose files are rotated has several."""
    found: dict[tuple[int, object], list[_StreamFile]] = defaultdict(list)
    for path in sorted({*stream_files(trace.folder), *indexed_streams(trace.folder)}):
        packets = list(read_packets(path, trace.layouts)) if path.exists() else []
        vouched, reason = judge_packets(path, packets)
        if reason:
            findings.damage.append(Damage(path, reason))
        ids = stream_ids(path, trace.layouts) if packets else None
        if ids is not None:
            number, instance = ids
            readable = tuple(packet for packet in packets if packet.offset < vouched)
            found[number, path.name if instance is None else instance].append(_StreamFile(path, readable))
    findings.damage += _index_damage(trace, {damage.file for damage in findings.damage})
    for files in found.values():
        files.sort(key=lambda each: each.packets[0].begin or 0 if each.packets else 0)
    return found


def _index_damage(trace: ReadableTrace, damaged: Collection[Path]) -> list[Damage]:
    """What is wrong with the indexes of sound streams."""
    sound = (path for path in stream_files(trace.folder) if path not in damaged)
    found = ((path, find_index_damage(path, trace.layouts)) for path in sound)
    return [Damage(index_file(path), reason) for path, reason in found if reason]


class _OwnStream:
    """The events of one stream, gathered by class."""

    def __init__(
        self, program: StreamProgram, clock: StreamClock | None, findings: Findings, addresses: Addresses
    ) -> None:
        self._plans: tuple[EventPlan, ...] = program.plans
        self._feed = PacketFeed(program.decoder(), program.steps)
        self._clock = clock
        self._findings = findings
        self._addresses = addresses
        self._cpu: int | None = None
        self._sequence: int | None = None
        self._latest: int | None = None
        self._disordered = False
        self._has_packet_times = False

    def read(self, files: list[_StreamFile]) -> Iterator[EventBatch]:
        """All its events; ends with the first that can't be read."""
        lost = [packet.discarded_events or 0 for file in files for packet in file.packets]
        self._findings.discarded_events += max(lost, default=0)
        problem = ""
        for file in files:
            try:
                yield from self._read_file(file)
            except UnreadableEvent as error:
                problem = f"is damaged about its event {self._feed.events + 1}: {error}"
            if problem:
                break
        yield from self._flush(1)
        if self._disordered and not problem:
            problem = "has events out of order: bits have changed"
        if problem:
            self._findings.damage.append(Damage(file.path, problem))

    def _read_file(self, file: _StreamFile) -> Iterator[EventBatch]:
        with file.path.open("rb") as stream:
            for packet in file.packets:
                yield from self._begin_packet(packet)
                for _full in self._feed.read(stream.fileno(), packet):
                    yield from self._flush(1 if self._feed.decoder.held() >= ROOM else BATCH)
                yield from self._end_packet(packet)

    def _begin_packet(self, packet: Packet) -> Iterator[EventBatch]:
        if packet.cpu != self._cpu:
            yield from self._flush(1)
            self._cpu = packet.cpu
        if packet.sequence is not None:
            if self._sequence is not None:
                self._findings.discarded_packets += max(0, packet.sequence - self._sequence - 1)
            self._sequence = packet.sequence
        if self._clock and packet.begin is not None:
            self._has_packet_times = True
            self._findings.span.include(self._clock.moment_ns(packet.begin))

    def _end_packet(self, packet: Packet) -> Iterator[EventBatch]:
        if not self._clock or packet.end is None:
            return
        self._findings.span.include(self._clock.moment_ns(packet.end))
        if self._feed.clock > packet.end:
            self._disordered = True
            self._latest = packet.end
            yield from self._flush(1)
            self._latest = None

    def _flush(self, least: int) -> Iterator[EventBatch]:
        """The events of classes that have so many or more."""
        for index in self._feed.decoder.full(least):
            plan = self._plans[index]
            ticks, taken = self._feed.decoder.take(index)
            times = numpy.frombuffer(ticks, dtype=numpy.uint64)
            fields, context = plan.columns_of(taken, self._addresses.get(plan.event))
            yield EventBatch(plan.event, self._cpu, len(times), self._times(times), fields, context)

    def _times(self, ticks: NDArray[numpy.uint64]) -> NDArray[numpy.int64] | None:
        if self._clock is None:
            return None
        if self._latest is not None:
            ticks = numpy.minimum(ticks, numpy.uint64(self._latest))
        times, changed = in_order(self._clock.to_ns(ticks))
        self._disordered |= changed
        if not self._has_packet_times:
            self._findings.span.include(int(times[0]))
            self._findings.span.include(int(times[-1]))
        return times
