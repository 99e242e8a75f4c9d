# SPDX-License-Identifier: GPL-2.0-only
"""Hostile input for the decoder in C: damaged packets, changed metadata, changed tables, one round after the other.

What comes out has to be sound; that nothing outside is touched, the sanitizers say with which the decoder is built
(sanitized.py). A round is decided by its seed and number.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy

from lttng_addon_kit.trace.column import Column, ListArray, TextArray
from lttng_addon_kit.trace.column_statistics import column_statistics
from lttng_addon_kit.trace.metadata.ctf2 import read_ctf2
from lttng_addon_kit.trace.metadata.described import UnsupportedMetadata
from lttng_addon_kit.trace.metadata.tsdl import read_tsdl
from lttng_addon_kit.trace.native import Decoder, count_into, hash_texts, note_values
from lttng_addon_kit.trace.own.own_reader import ReadableTrace, prepare
from lttng_addon_kit.trace.own.packet_feed import DecodeStatus
from lttng_addon_kit.trace.own.program import StreamProgram
from lttng_addon_kit.trace.packets import read_packets, stream_files, stream_ids
from lttng_addon_kit.trace.trace_folders import metadata_text
from lttng_addon_kit.trace.value_counts import Room
from tests.fuzz.mutate import mutate_bytes, mutate_text

DATA = Path(__file__).parent.parent / "trace/data"
_MOST = (64, 4096, 1 << 20)


@dataclass(frozen=True)
class _Recorded:
    """A trace: its metadata, and packets each with its stream's id, its bytes, and the size of its head."""

    metadata: str
    packets: tuple[tuple[int, bytes, int], ...]


def rounds(seed: str, traces: list[Path]) -> Iterator[str]:
    """Rounds without end; gives what became of each."""
    recorded = [_recorded(trace) for trace in traces]
    kinds = (_damaged_packet, _damaged_packet, _changed_metadata, _changed_table, _counted)
    number = 0
    while True:
        draw = Random(f"{seed}/{number}")
        kind = kinds[number % len(kinds)]
        yield f"{kind.__name__[1:]}: {kind(draw.choice(recorded), draw)}"
        number += 1


def fuzz(count: int, seed: str, traces: list[Path]) -> Counter[str]:
    """So many rounds; how often each became what."""
    return Counter(said for said, _ in zip(rounds(seed, traces), range(count), strict=False))


@cache
def _recorded(folder: Path) -> _Recorded:
    metadata = metadata_text((folder / "metadata").read_bytes())
    trace = prepare(folder, read_tsdl(metadata))
    found = []
    for file in stream_files(folder):
        ids = stream_ids(file, trace.layouts)
        content = file.read_bytes()
        for packet in read_packets(file, trace.layouts):
            assert ids is not None
            found.append((ids[0], content[packet.offset : packet.offset + packet.content_bits // 8], packet.head))
    return _Recorded(metadata, tuple(found))


@cache
def _prepared(metadata: str) -> ReadableTrace:
    return prepare(Path("trace"), read_tsdl(metadata))


def _damaged_packet(recorded: _Recorded, draw: Random) -> str:
    stream, content, head = draw.choice(recorded.packets)
    content = content[:head] + mutate_bytes(content[head:], draw)
    return _decode(_prepared(recorded.metadata).programs[stream], content, head, draw)


def _changed_metadata(recorded: _Recorded, draw: Random) -> str:
    try:
        if draw.random() < 0.1:
            read_ctf2(mutate_bytes((DATA / "sid-ctf2/kernel/metadata").read_bytes(), draw))
            return "read"
        change = draw.choice((_change_number, lambda text, draw: mutate_text(text, [text], draw)))
        trace = prepare(Path("trace"), read_tsdl(change(recorded.metadata, draw)))
    except UnsupportedMetadata:
        return "refused"
    stream, content, head = draw.choice(recorded.packets)
    program = trace.programs.get(stream)
    return _decode(program, content, head, draw) if program else "no stream"


def _change_number(metadata: str, draw: Random) -> str:
    """A size, an alignment, a length or an id is another."""
    number = draw.choice(list(re.finditer(r"\b\d+\b", metadata)))
    return metadata[: number.start()] + str(draw.choice((0, 1, 3, 8, 31, 64, 65, 4096))) + metadata[number.end() :]


def _changed_table(recorded: _Recorded, draw: Random) -> str:
    """A table as the kit never makes one: refused, or followed without harm."""
    stream, content, head = draw.choice(recorded.packets)
    program = _prepared(recorded.metadata).programs[stream]
    tables = [b"".join(step.packed() for step in program.steps), program.columns, program.classes]
    for _ in range(draw.randrange(1, 4)):
        at = draw.randrange(3)
        words = bytearray(tables[at])
        place = draw.randrange(len(words) // 4) * 4
        words[place : place + 4] = draw.choice((draw.randrange(12), 64, 4096, 0xFFFF_FFFF)).to_bytes(4, "little")
        tables[at] = bytes(words)
    try:
        decoder = Decoder(tables[0], program.header_steps, tables[1], tables[2])
    except ValueError:
        return "refused"
    status, *_ = decoder.read(_exact(content), 8 * head, 8 * len(content), 0, 1 << 20, 1000)
    for index in decoder.full(1):
        decoder.take(index)
    return DecodeStatus(status).name


def _counted(recorded: _Recorded, draw: Random) -> str:
    """The functions that count, with arrays that don't belong together."""
    words = _exact(draw.randbytes(draw.choice((0, 8, 800, 801))))
    offsets = numpy.cumsum([draw.randrange(-1, 9) for _ in range(draw.randrange(30))], dtype=numpy.int32)
    calls: tuple[Callable[[], Any], ...] = (
        lambda: hash_texts(_exact(offsets.tobytes()), words),
        lambda: count_into(bytearray(24 * draw.choice((0, 1, 4, 5, 64))), words),
        lambda: note_values(bytearray(draw.choice((0, 8, 16, 17, 1 << 14))), words),
    )
    try:
        draw.choice(calls)()
    except ValueError:
        return "refused"
    return "counted"


def _decode(program: StreamProgram, content: bytes, head: int, draw: Random) -> str:
    """Decode a packet as the reader does, in parts, with little room; gives how it ended."""
    decoder = program.decoder()
    end = draw.choice((8 * len(content), draw.randrange(8 * len(content) + 1), 8 * len(content) + 64))
    at, clock, most = min(8 * head, end), 0, draw.choice(_MOST)
    data = _exact(content)
    while True:
        status, at, clock, _events, _step = decoder.read(data, at, end, clock, most, 1000)
        for index in decoder.full(1):
            _check(program, index, decoder)
        if status != DecodeStatus.FULL:
            return DecodeStatus(status).name


def _check(program: StreamProgram, index: int, decoder: Decoder) -> None:
    """That columns have as many values as there are events, where offsets and rows say."""
    plan = program.plans[index]
    times, taken = decoder.take(index)
    count = len(times) // 8
    room = Room()
    for column in (*plan.columns_of(taken, None)[0], *plan.columns_of(taken, None)[1]):
        _check_column(column, count)
        column_statistics(column.field, room).add(column.values)


def _check_column(column: Column, count: int) -> None:
    values = column.values
    if column.rows is not None:
        assert (numpy.diff(column.rows) > 0).all()
        assert all(0 <= row < count for row in column.rows)
        count = len(column.rows)
    assert len(values) == count
    if isinstance(values, TextArray | ListArray):
        size = len(values.data) if isinstance(values, TextArray) else len(values.elements)
        assert values.offsets[0] == 0
        assert values.offsets[-1] == size
        assert (numpy.diff(values.offsets) >= 0).all()


def _exact(content: bytes) -> Any:
    """The bytes in memory of just their size: one beyond is seen."""
    return (ctypes.c_ubyte * len(content)).from_buffer_copy(content)
