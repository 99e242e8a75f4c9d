# SPDX-License-Identifier: GPL-2.0-only
"""Write a CTF trace of many events to be read by the benchmark: `generate.py FOLDER [EVENTS FIELDS TYPES STREAMS]`.

It is laid out as LTTng's kernel tracer does: a stream a CPU, packets of about 10,000 events, ids of 16 bits with the
low 32 bits of the time before each event. Fields are in turn a pointer, an integer, a text, an integer that is hardly
ever the same, and one of few values.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy
from numpy.typing import NDArray

PACKET_EVENTS = 10_000
DEVICES = numpy.array([b"lo", b"eth0", b"eth1", b"docker0"], dtype="S8")

_KINDS = ("pointer", "length", "name", "latency", "pid")
_TYPES = {"pointer": "<u8", "length": "<u4", "name": "S8", "latency": "<u8", "pid": "<i4"}
_DECLARED = {
    "pointer": "integer { size = 64; align = 8; base = 16; }",
    "length": "integer { size = 32; align = 8; }",
    "name": "string",
    "latency": "integer { size = 64; align = 8; }",
    "pid": "integer { size = 32; align = 8; signed = true; }",
}
_METADATA = """/* CTF 1.8 */
typealias integer { size = 16; align = 8; } := uint16_t;
typealias integer { size = 32; align = 8; } := uint32_t;
typealias integer { size = 64; align = 8; } := uint64_t;
trace {
	major = 1;
	minor = 8;
	byte_order = le;
	packet.header := struct { uint32_t magic; uint32_t stream_id; uint64_t stream_instance_id; };
};
clock { name = "monotonic"; freq = 1000000000; offset = 1795426866993901282; };
typealias integer { size = 32; align = 8; map = clock.monotonic.value; } := uint32_clock_t;
typealias integer { size = 64; align = 8; map = clock.monotonic.value; } := uint64_clock_t;
stream {
	id = 0;
	packet.context := struct {
		uint64_clock_t timestamp_begin;
		uint64_clock_t timestamp_end;
		uint64_t content_size;
		uint64_t packet_size;
		uint64_t packet_seq_num;
		uint64_t events_discarded;
		uint32_t cpu_id;
	};
	event.header := struct {
		enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;
		variant <id> {
			struct { uint32_clock_t timestamp; } compact;
			struct { uint32_t id; uint64_clock_t timestamp; } extended;
		} v;
	} align(8);
};
"""
_HEAD = numpy.dtype(
    [
        *[("magic", "<u4"), ("stream_id", "<u4"), ("instance", "<u8"), ("begin", "<u8"), ("end", "<u8")],
        *[("content", "<u8"), ("packet", "<u8"), ("sequence", "<u8"), ("discarded", "<u8"), ("cpu", "<u4")],
    ]
)


@dataclass(frozen=True)
class Shape:
    """How many events a trace has, of how many types with how many fields each, in how many streams."""

    events: int
    fields: int = 3
    types: int = 1
    streams: int = 2

    @property
    def kinds(self) -> list[str]:
        """The kind of each field."""
        return list(islice(cycle(_KINDS), self.fields))


def generate(folder: Path, shape: Shape) -> None:
    """Write a trace into the new folder `folder`."""
    folder.mkdir()
    fields = " ".join(f"{_DECLARED[kind]} _{kind}{at};" for at, kind in enumerate(shape.kinds))
    events = "".join(
        f'event {{ name = "type{number}"; id = {number}; stream_id = 0; fields := struct {{ {fields} }}; }};\n'
        for number in range(shape.types)
    )
    (folder / "metadata").write_text(_METADATA + events)
    for cpu in range(shape.streams):
        _write_stream(folder / f"channel0_{cpu}", shape, cpu)


def _write_stream(file: Path, shape: Shape, cpu: int) -> None:
    draw = numpy.random.default_rng(cpu)
    left, time, sequence = shape.events // shape.streams, 10**12 + cpu, 0
    with file.open("wb") as stream:
        while left:
            count = min(left, PACKET_EVENTS)
            times = time + numpy.cumsum(draw.integers(200, 4_000, count))
            content = _content(shape, times, draw)
            bits = 8 * (_HEAD.itemsize + len(content))
            head = (0xC1FC1FC1, 0, cpu, time, times[-1], bits, bits, sequence, 0, cpu)
            stream.write(numpy.array([head], dtype=_HEAD).tobytes() + content)
            left, time, sequence = left - count, int(times[-1]), sequence + 1


def _content(shape: Shape, times: NDArray[numpy.int64], draw: numpy.random.Generator) -> bytes:
    """The events of a packet: rows of bytes as wide as the widest, of which some aren't written."""
    columns = [(f"f{at}", _TYPES[kind]) for at, kind in enumerate(shape.kinds)]
    rows = numpy.zeros(len(times), dtype=[("id", "<u2"), ("time", "<u4"), *columns])
    rows["id"] = draw.integers(0, shape.types, len(times))
    rows["time"] = times & 0xFFFF_FFFF
    written = numpy.ones((len(times), rows.itemsize), dtype=bool)
    for (name, _type), kind in zip(columns, shape.kinds, strict=True):
        rows[name] = _values(kind, len(times), draw)
        if kind == "name":
            begin = list(rows.dtype.names or ()).index(name)
            begin = sum(rows.dtype[at].itemsize for at in range(begin))
            ends = numpy.char.str_len(rows[name])
            written[:, begin : begin + 8] = numpy.arange(8) <= ends[:, None]
    return rows.view(numpy.uint8).reshape(len(times), -1)[written].tobytes()


def _values(kind: str, count: int, draw: numpy.random.Generator) -> NDArray[numpy.generic]:
    match kind:
        case "pointer":
            return numpy.uint64(0xFFFF_8880_0000_0000) + 256 * draw.integers(0, 50_000, count).astype(numpy.uint64)
        case "length":
            return draw.integers(60, 1_500, count)
        case "name":
            return DEVICES[draw.integers(0, len(DEVICES), count)]
        case "latency":
            return draw.lognormal(10, 2, count).astype(numpy.uint64)
        case _:
            return draw.integers(1, 300, count)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), Shape(*map(int, sys.argv[2:])) if len(sys.argv) > 2 else Shape(2_000_000))
