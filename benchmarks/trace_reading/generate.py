"""Write a CTF trace of many events to be read by the benchmark: `generate.py FOLDER [EVENTS]`.

Two streams (CPUs), one event with a pointer, an integer and a text field, in packets of about 10,000 events:
what a kernel recording with the skb-filter addon on a busy device looks like.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bt2

STREAMS = 2
PACKET_EVENTS = 10_000
DEVICES = ("lo", "eth0", "eth1", "docker0")


class _Events(bt2._UserMessageIterator):  # type: ignore[misc]
    def __init__(self, config: Any, port: Any) -> None:
        self._messages = self._make(port.user_data)

    def __next__(self) -> Any:
        return next(self._messages)

    def _make(self, of: tuple[Any, Any, int, int]) -> Iterator[Any]:
        stream, event_class, cpu, count = of
        draw = random.Random(cpu)
        time = 1_000 + cpu
        yield self._create_stream_beginning_message(stream)
        for first in range(0, count, PACKET_EVENTS):
            packet = stream.create_packet()
            packet.context_field["cpu_id"] = cpu
            yield self._create_packet_beginning_message(packet, time)
            for _ in range(min(PACKET_EVENTS, count - first)):
                time += draw.randrange(200, 4_000)
                message = self._create_event_message(event_class, packet, time)
                fields = message.event.payload_field
                fields["skbaddr"] = 0xFFFF_8880_0000_0000 + 256 * draw.randrange(50_000)
                fields["len"] = draw.randrange(60, 1500)
                fields["name"] = draw.choice(DEVICES)
                yield message
            yield self._create_packet_end_message(packet, time)
        yield self._create_stream_end_message(stream)


class _Source(bt2._UserSourceComponent, message_iterator_class=_Events):  # type: ignore[call-arg, misc]
    def __init__(self, config: Any, params: Any, count: int) -> None:
        trace_class = self._create_trace_class()
        trace = trace_class()
        clock = self._create_clock_class(frequency=1_000_000_000, name="monotonic")
        context = trace_class.create_structure_field_class()
        context += [("cpu_id", trace_class.create_unsigned_integer_field_class(32))]
        stream_class = trace_class.create_stream_class(
            default_clock_class=clock,
            supports_packets=True,
            packet_context_field_class=context,
            packets_have_beginning_default_clock_snapshot=True,
            packets_have_end_default_clock_snapshot=True,
        )
        pointer = trace_class.create_unsigned_integer_field_class(
            64, preferred_display_base=bt2.IntegerDisplayBase.HEXADECIMAL
        )
        payload = trace_class.create_structure_field_class()
        payload += [
            ("skbaddr", pointer),
            ("len", trace_class.create_unsigned_integer_field_class(32)),
            ("name", trace_class.create_string_field_class()),
        ]
        event_class = stream_class.create_event_class(name="packet", payload_field_class=payload)
        for cpu in range(STREAMS):
            stream = trace.create_stream(stream_class)
            self._add_output_port(f"cpu{cpu}", (stream, event_class, cpu, count // STREAMS))


def generate(folder: Path, count: int) -> None:
    """Write a trace of `count` events into `folder`, which is made; about 25 us an event."""
    graph = bt2.Graph()
    source = graph.add_component(_Source, "source", obj=count)
    write = bt2.find_plugin("ctf").sink_component_classes["fs"]
    sink = graph.add_component(write, "sink", {"path": str(folder), "assume-single-trace": True})
    muxer_class = bt2.find_plugin("utils").filter_component_classes["muxer"]
    muxer = graph.add_component(muxer_class, "muxer")
    for index, port in enumerate(source.output_ports.values()):
        graph.connect_ports(port, muxer.input_ports[f"in{index}"])
    graph.connect_ports(muxer.output_ports["out"], sink.input_ports["in"])
    graph.run()


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000)
