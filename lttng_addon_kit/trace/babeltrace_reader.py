# SPDX-License-Identifier: GPL-2.0-only
"""Read a trace's events in batches with babeltrace2, stream by stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bt2
import numpy
from bt2 import _native_bt as native
from bt2 import event_class as bt2_event_class
from bt2 import message as bt2_message
from numpy.typing import NDArray

from lttng_addon_kit.trace.babeltrace_columns import EventColumns, HeldValues, make_columns
from lttng_addon_kit.trace.damage import Damage, stream_file
from lttng_addon_kit.trace.event_batch import Addresses, EventBatch, Findings
from lttng_addon_kit.trace.packets import read_packets
from lttng_addon_kit.trace.source import TraceSource, add_source, explain, pending_error
from lttng_addon_kit.trace.stream_clock import StreamClock, clock_of, in_order

# Events of one class that are read before they are handed on: large enough for numpy.
BATCH = 16_384
# Values of all classes' events together, at most some 300 bytes each: bounds memory.
_ROOM = 1 << 18


def read_by_babeltrace(folder: Path, findings: Findings, scratch: Path, addresses: Addresses) -> Iterator[EventBatch]:
    """Read all events of the trace in `folder`.

    Args:
        findings: gets what else is found.
        scratch: a folder for what a damaged trace needs.
        addresses: which fields are addresses, as CTF 1.8 can't say.

    Raises:
        KitError: nothing of it can be read.
    """
    graph = bt2.Graph()
    source = add_source(graph, folder, scratch)
    findings.damage.extend(source.damage)
    yield from _read_source(graph, source, findings, addresses)


class _Sink(bt2._UserSinkComponent):  # type: ignore[misc]
    """Takes the next messages from one stream after the other, a few each time that the graph runs once."""

    def __init__(self, config: Any, params: Any, feed: _Feed) -> None:
        self._feed = feed
        for name in feed.port_names:
            self._add_input_port(name)

    def _user_graph_is_configured(self) -> None:
        self._feed.iterators = [self._create_message_iterator(port) for port in self._input_ports.values()]

    def _user_consume(self) -> None:
        self._feed.fetch()


class _Feed:
    """What the sink, which babeltrace2 drives, and the loop that uses the messages share."""

    def __init__(self, port_names: list[str]) -> None:
        self.port_names = port_names
        self.iterators: list[Any] = []
        self.stream = 0
        self.messages: list[Any] = []
        self.error: Any = None

    def fetch(self) -> None:
        """The next few messages of the current stream; none at its end."""
        status, messages = native.bt2_self_component_port_input_get_msg_range(self.iterators[self.stream]._ptr)
        self.messages = messages if status == 0 else []
        self.error = pending_error()


def _read_source(graph: Any, source: TraceSource, findings: Findings, addresses: Addresses) -> Iterator[EventBatch]:
    ports = list(source.component.output_ports.values())
    feed = _Feed([port.name for port in ports])
    sink = graph.add_component(_Sink, "reader", obj=feed)
    for port in ports:
        graph.connect_ports(port, sink.input_ports[port.name])
    for feed.stream, port in enumerate(ports):
        stream = _Stream(findings, source, port.name, addresses)
        problems: list[str] = []
        while messages := _next_messages(graph, feed, stream, problems):
            yield from stream.take(messages)
        yield from stream.flush()
        if stream.disordered:
            problems.append("has events out of order: bits have changed")
        if problems:
            findings.damage.append(Damage(stream.file(), problems[0]))


def _next_messages(graph: Any, feed: _Feed, stream: _Stream, problems: list[str]) -> list[Any]:
    graph.run_once()
    if feed.error is not None:
        problems.append(f"is damaged about its event {stream.events + 1}: {explain(feed.error)}")
    return feed.messages


class _Stream:
    """The events of one stream, gathered by class."""

    def __init__(self, findings: Findings, source: TraceSource, port_name: str, addresses: Addresses) -> None:
        self.events = 0
        self.disordered = False
        self._findings = findings
        self._source = source
        self._port_name = port_name
        self._addresses = addresses
        self._cpu: int | None = None
        self._layouts: dict[int, EventColumns] = {}
        self._held = HeldValues()
        self._clock: StreamClock | None = None
        self._lost: int | None = None
        self._has_packet_times = False

    def file(self) -> Path:
        """The stream's file, or the trace's folder."""
        return stream_file(self._source.folder, self._source.layouts, self._port_name)

    def take(self, messages: list[Any]) -> Iterator[EventBatch]:
        """Read a few messages; batches that became full with them."""
        event_type = native.MESSAGE_TYPE_EVENT
        type_of = native.message_get_type
        borrow_event = native.message_event_borrow_event_const
        borrow_class = native.event_borrow_class_const
        id_of = native.event_class_get_id
        borrow_time = native.message_event_borrow_default_clock_snapshot_const
        cycles_of = native.clock_snapshot_get_value
        layouts, held = self._layouts, self._held
        for message in messages:
            if type_of(message) != event_type:
                yield from self._take_other(message)
                continue
            event = borrow_event(message)
            event_class = borrow_class(event)
            layout = layouts.get(id_of(event_class))
            if layout is None:
                layout = self._add_layout(event_class)
            layout.cycles.append(cycles_of(borrow_time(message)) if self._clock else 0)
            for borrow, visit in layout.visits:
                visit(borrow(event))
            self.events += 1
            held.count += layout.width
            native.message_put_ref(message)
            if len(layout.cycles) == BATCH:
                yield from self._batch(layout)
            elif held.count > _ROOM:
                yield from self.flush()

    def flush(self) -> Iterator[EventBatch]:
        """What was read and not handed on yet."""
        for layout in self._layouts.values():
            if layout.cycles:
                yield from self._batch(layout)
        self._held.count = 0

    def _batch(self, layout: EventColumns) -> Iterator[EventBatch]:
        """Hand on the events of a class, and forget them."""
        count = len(layout.cycles)
        yield EventBatch(layout.event, self._cpu, count, self._times(layout), *layout.finish())
        self._held.count -= count * layout.width
        layout.clear()

    def _times(self, layout: EventColumns) -> NDArray[numpy.int64] | None:
        if self._clock is None:
            return None
        times, changed = in_order(self._clock.to_ns(layout.cycles))
        self.disordered |= changed
        if not self._has_packet_times:
            self._findings.span.include(int(times[0]))
            self._findings.span.include(int(times[-1]))
        return times

    def _add_layout(self, pointer: Any) -> EventColumns:
        event_class = bt2_event_class._EventClassConst._create_from_ptr_and_get_ref(pointer)
        layout = make_columns(event_class, self._addresses, self._held)
        self._layouts[event_class.id] = layout
        return layout

    def _take_other(self, pointer: Any) -> Iterator[EventBatch]:
        """A message that isn't an event: they are rare, so bt2's own objects will do."""
        message = bt2_message._create_from_ptr(pointer)
        if isinstance(message, bt2._StreamBeginningMessageConst):
            self._clock = _clock_of(message.stream)
            self._lost = self._lost_in_packets()
            self._findings.discarded_events += self._lost or 0
        elif isinstance(message, bt2._PacketBeginningMessageConst):
            yield from self._begin_packet(message)
        elif isinstance(message, bt2._PacketEndMessageConst):
            self._end_packet(message)
        elif isinstance(message, bt2._DiscardedEventsMessageConst) and self._lost is None:
            # Without a count: before the end of the stream's first packet, one at least.
            self._findings.discarded_events += 1 if message.count is None else message.count
        elif isinstance(message, bt2._DiscardedPacketsMessageConst):
            self._findings.discarded_packets += message.count or 0

    def _lost_in_packets(self) -> int | None:
        """The events lost, as the packets say themselves; None where they don't.

        The counts of LTTng's packets grow, but for a packet now and then that says 0 (2.13.9, some of those that the
        switch timer ends): babeltrace2 takes the step down for an overflow.
        """
        file, layouts = self.file(), self._source.layouts
        packets = read_packets(file, layouts) if layouts and file.is_file() else ()
        return max((each.discarded_events for each in packets if each.discarded_events is not None), default=None)

    def _begin_packet(self, message: Any) -> Iterator[EventBatch]:
        context = message.packet.context_field
        cpu = int(context["cpu_id"]) if context is not None and "cpu_id" in context else None
        if cpu != self._cpu:
            yield from self.flush()
            self._cpu = cpu
        if self._clock and message.packet.stream.cls.packets_have_beginning_default_clock_snapshot:
            self._has_packet_times = True
            self._findings.span.include(self._clock.moment_ns(message.default_clock_snapshot.value))

    def _end_packet(self, message: Any) -> None:
        if not self._clock or not message.packet.stream.cls.packets_have_end_default_clock_snapshot:
            return
        end = message.default_clock_snapshot.value
        self._findings.span.include(self._clock.moment_ns(end))
        for layout in self._layouts.values():
            if layout.cycles and layout.cycles[-1] > end:
                self.disordered = True
                layout.cycles[:] = [min(cycles, end) for cycles in layout.cycles]


def _clock_of(stream: Any) -> StreamClock | None:
    clock = stream.cls.default_clock_class
    if clock is None:
        return None
    offset = clock.offset
    return clock_of(clock.frequency, offset.seconds, offset.cycles)
