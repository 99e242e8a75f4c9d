# SPDX-License-Identifier: GPL-2.0-only
"""Small CTF traces with chosen values, written by babeltrace2's own sink: input for what reads traces."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bt2

# Adds an event's fields to a new structure field class; takes the trace class and the structure.
Members = Callable[[Any, Any], None]


@dataclass(frozen=True)
class Event:
    """One event: when (ns), on which CPU, and its fields' values."""

    time_ns: int
    cpu: int
    fields: Mapping[str, Any]


def write_trace(folder: Path, members: Members, events: Sequence[Event], name: str = "sample") -> Path:
    """Write a trace of one event class, a stream a CPU, into the new folder `folder`; gives it back."""
    # Read once, when the plugin is loaded: with it the kit learns what is wrong with metadata (own_process.py).
    os.environ["BABELTRACE_PLUGIN_CTF_METADATA_LOG_LEVEL"] = "ERROR"
    graph = bt2.Graph()
    source = graph.add_component(_Source, "source", obj=(members, events, name))
    sink_class = bt2.find_plugin("ctf").sink_component_classes["fs"]
    options = {"path": str(folder), "assume-single-trace": True, "quiet": True}
    sink = graph.add_component(sink_class, "sink", options)
    muxer = graph.add_component(bt2.find_plugin("utils").filter_component_classes["muxer"], "muxer")
    for index, port in enumerate(source.output_ports.values()):
        graph.connect_ports(port, muxer.input_ports[f"in{index}"])
    graph.connect_ports(muxer.output_ports["out"], sink.input_ports["in"])
    graph.run()
    return folder


class _Messages(bt2._UserMessageIterator):  # type: ignore[misc]
    def __init__(self, config: Any, port: Any) -> None:
        self._messages = self._make(*port.user_data)

    def __next__(self) -> Any:
        return next(self._messages)

    def _make(self, stream: Any, event_class: Any, cpu: int, events: Sequence[Event]) -> Iterator[Any]:
        yield self._create_stream_beginning_message(stream)
        packet = stream.create_packet()
        packet.context_field["cpu_id"] = cpu
        yield self._create_packet_beginning_message(packet, events[0].time_ns)
        for event in events:
            message = self._create_event_message(event_class, packet, event.time_ns)
            for field, value in event.fields.items():
                message.event.payload_field[field] = value
            yield message
        yield self._create_packet_end_message(packet, events[-1].time_ns)
        yield self._create_stream_end_message(stream)


class _Source(bt2._UserSourceComponent, message_iterator_class=_Messages):  # type: ignore[call-arg, misc]
    def __init__(self, config: Any, params: Any, given: tuple[Members, Sequence[Event], str]) -> None:
        members, events, name = given
        trace_class = self._create_trace_class()
        trace = trace_class()
        context = trace_class.create_structure_field_class()
        context += [("cpu_id", trace_class.create_unsigned_integer_field_class(32))]
        stream_class = trace_class.create_stream_class(
            default_clock_class=self._create_clock_class(frequency=1_000_000_000, name="monotonic"),
            supports_packets=True,
            packet_context_field_class=context,
            packets_have_beginning_default_clock_snapshot=True,
            packets_have_end_default_clock_snapshot=True,
        )
        payload = trace_class.create_structure_field_class()
        members(trace_class, payload)
        event_class = stream_class.create_event_class(name=name, payload_field_class=payload)
        for cpu in sorted({event.cpu for event in events}):
            own = [event for event in events if event.cpu == cpu]
            self._add_output_port(f"cpu{cpu}", (trace.create_stream(stream_class), event_class, cpu, own))
