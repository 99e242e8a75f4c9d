# SPDX-License-Identifier: GPL-2.0-only
"""Perfetto's own format, for ui.perfetto.dev: tracks for CPUs, threads, spans and counters.

An event that says how long something took is a slice that ends with it, on a track of its name; slices that overlap
are on several lines of that track. Every other event is a moment on the track of its CPU, and of its thread where that
is known. Packets, tracks and interned names: perfetto's protos/perfetto/trace/track_event/*.proto.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import Any

from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import (
    BuiltinClock,
    CounterDescriptor,
    TrackDescriptor,
    TrackEvent,
)
from perfetto.trace_builder.proto_builder import StreamingTraceProtoBuilder

from lttng_addon_kit.output.export.event_rows import EventRow, EventShape, Lanes, Thread
from lttng_addon_kit.output.export.export_form import Exported, WholeForm
from lttng_addon_kit.trace.event_tables import TimedTable

# TracePacket.SequenceFlags
_CLEARED, _NEEDS_STATE = 1, 2
_SEQUENCE = 1
_GROUPS = ("CPUs", "Spans", "Counters")
_UNSIGNED_END = 1 << 64
_SIGNED_END = 1 << 63


def _write(exported: Exported, out: Path) -> None:
    with out.open("wb") as file:
        packets = _Packets(StreamingTraceProtoBuilder(file))
        packets.begin(exported.trace.begin_ns or 0)
        tracks = _Tracks(packets)
        for table in exported.trace.tables:
            _EventWriter(table, exported, packets, tracks).write_all()


class _Packets:
    """Writes packets, each name once: later packets have its number."""

    def __init__(self, builder: Any) -> None:
        self._builder = builder
        self._event_names: dict[str, int] = {}
        self._value_names: dict[str, int] = {}

    def begin(self, begin_ns: int) -> None:
        """Say that nothing is known from before, and that times are those of a calendar."""
        packet = self._builder.create_packet()
        packet.trusted_packet_sequence_id = _SEQUENCE
        packet.sequence_flags = _CLEARED
        packet.timestamp = begin_ns
        for clock in (BuiltinClock.BUILTIN_CLOCK_BOOTTIME, BuiltinClock.BUILTIN_CLOCK_REALTIME):
            packet.clock_snapshot.clocks.add(clock_id=clock, timestamp=begin_ns)
        self._builder.write_packet(packet)

    def new_packet(self) -> Any:
        """A packet of our sequence."""
        packet = self._builder.create_packet()
        packet.trusted_packet_sequence_id = _SEQUENCE
        packet.sequence_flags = _NEEDS_STATE
        return packet

    def write(self, packet: Any) -> None:
        """Write a packet."""
        self._builder.write_packet(packet)

    def know(self, event: str, values: tuple[str, ...]) -> tuple[int, tuple[int, ...]]:
        """The numbers of an event's name and of its values' names; new ones are written."""
        packet = self.new_packet()
        data = packet.interned_data
        number = _number(self._event_names, event, data.event_names)
        numbers = tuple(_number(self._value_names, each, data.debug_annotation_names) for each in values)
        self.write(packet)
        return number, numbers


def _number(known: dict[str, int], name: str, new: Any) -> int:
    if name not in known:
        known[name] = len(known) + 1
        new.add(iid=known[name], name=name)
    return known[name]


class _Tracks:
    """Tracks by what they are of; each is described once, before its first event."""

    def __init__(self, packets: _Packets) -> None:
        self._packets = packets
        self._known: dict[Hashable, int] = {}
        for group in _GROUPS:
            self._find(group, partial(_name, group))

    def of_cpu(self, cpu: int | None) -> int:
        """The track of a CPU (None: events of which it isn't known)."""
        name = "unknown CPU" if cpu is None else f"CPU {cpu}"
        return self._find(("cpu", cpu), lambda track: self._child(track, "CPUs", name, cpu or 0))

    def of_thread(self, thread: Thread) -> int:
        """The track of a thread; it has the name by which it is first seen."""

        def describe(track: Any) -> None:
            track.thread.pid, track.thread.tid = thread.pid, thread.tid
            track.thread.thread_name = thread.name

        return self._find(("thread", thread.tid), describe)

    def of_spans(self, event: str, lane: int) -> int:
        """One line of the spans that end with an event; lines of one name are shown as one track."""
        return self._find(("span", event, lane), lambda track: self._child(track, "Spans", event, lane))

    def of_counter(self, event: str, field: str, is_time: bool) -> int:
        """The curve of a field."""

        def describe(track: Any) -> None:
            self._child(track, "Counters", f"{event}.{field}", 0)
            unit = CounterDescriptor.UNIT_TIME_NS if is_time else CounterDescriptor.UNIT_UNSPECIFIED
            track.counter.unit = unit

        return self._find(("counter", event, field), describe)

    def _child(self, track: Any, group: str, name: str, rank: int) -> None:
        track.parent_uuid = self._known[group]
        track.name = name
        track.sibling_order_rank = rank

    def _find(self, key: Hashable, describe: Callable[[Any], None]) -> int:
        if key not in self._known:
            packet = self._packets.new_packet()
            packet.track_descriptor.uuid = len(self._known) + 1
            packet.track_descriptor.child_ordering = TrackDescriptor.ChildTracksOrdering.EXPLICIT
            describe(packet.track_descriptor)
            self._packets.write(packet)
            self._known[key] = packet.track_descriptor.uuid
        return self._known[key]


def _name(name: str, track: Any) -> None:
    track.name = name


class _EventWriter:
    """The events of one name."""

    def __init__(self, table: TimedTable, exported: Exported, packets: _Packets, tracks: _Tracks) -> None:
        duration = exported.durations.get(table.event, "")
        self._table, self._packets, self._tracks = table, packets, tracks
        self._advance = exported.advance
        self._shape = EventShape(table.schema, duration)
        self._lanes = Lanes()
        self._name, self._value_names = packets.know(table.event, self._shape.columns)
        counted = self._shape.numbers if table.event in exported.measured else ()
        self._counters = {
            at: tracks.of_counter(table.event, self._shape.columns[at], self._shape.columns[at] == duration)
            for at in counted
        }

    def write_all(self) -> None:
        """Write all of them."""
        for row in self._shape.rows(self._table):
            self._write(row)
            self._advance(1)

    def _write(self, row: EventRow) -> None:
        if row.duration_ns is None:
            self._instant(row, self._tracks.of_cpu(row.cpu))
            if row.thread:
                self._instant(row, self._tracks.of_thread(row.thread))
        else:
            self._slice(row, row.duration_ns)
        for at, track in self._counters.items():
            if row.values[at] is not None:
                self._count(row, track, row.values[at])

    def _instant(self, row: EventRow, track: int) -> None:
        packet = self._event(row.time_ns, TrackEvent.TYPE_INSTANT, track)
        self._describe(packet.track_event, row)
        self._packets.write(packet)

    def _slice(self, row: EventRow, duration_ns: int) -> None:
        begin_ns = max(0, row.time_ns - duration_ns)
        track = self._tracks.of_spans(self._table.event, self._lanes.place(begin_ns, row.time_ns))
        begin = self._event(begin_ns, TrackEvent.TYPE_SLICE_BEGIN, track)
        self._describe(begin.track_event, row)
        self._packets.write(begin)
        self._packets.write(self._event(row.time_ns, TrackEvent.TYPE_SLICE_END, track))

    def _count(self, row: EventRow, track: int, value: int | float) -> None:
        packet = self._event(row.time_ns, TrackEvent.TYPE_COUNTER, track)
        if isinstance(value, int) and -_SIGNED_END <= value < _SIGNED_END:
            packet.track_event.counter_value = value
        else:
            packet.track_event.double_counter_value = value
        self._packets.write(packet)

    def _event(self, time_ns: int, type_: int, track: int) -> Any:
        packet = self._packets.new_packet()
        packet.timestamp = time_ns
        packet.track_event.type = type_
        packet.track_event.track_uuid = track
        return packet

    def _describe(self, event: Any, row: EventRow) -> None:
        event.name_iid = self._name
        for number, value in zip(self._value_names, row.values, strict=True):
            _annotate(event.debug_annotations.add(name_iid=number), value)
        if row.cpu is not None:
            event.debug_annotations.add(name="cpu", uint_value=row.cpu)


def _annotate(annotation: Any, value: Any) -> None:
    match value:
        case None:
            annotation.string_value = ""
        case bool():
            annotation.bool_value = value
        case int() if 0 <= value < _UNSIGNED_END:
            annotation.uint_value = value
        case int():
            annotation.int_value = value
        case float():
            annotation.double_value = value
        case list():
            for each in value:
                _annotate(annotation.array_values.add(), each)
        case _:
            annotation.string_value = str(value)


FORM = WholeForm(".perfetto-trace", _write, needs=("perfetto",))
