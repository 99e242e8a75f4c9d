# SPDX-License-Identifier: GPL-2.0-only
"""A CTF 1.8 trace of many event types with many fields, written at once: plain text metadata and one packet."""

from __future__ import annotations

from pathlib import Path

import numpy

FIELDS = 20
_HEADER_BITS = 4 * 64

_PREAMBLE = """/* CTF 1.8 */
typealias integer { size = 64; align = 8; signed = false; } := u64;
trace { major = 1; minor = 8; byte_order = le; packet.header := struct { u64 stream_id; }; };
"""
_CLOCK = """
clock { name = "monotonic"; freq = 1000000000; };
typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := time;
"""
_STREAM = """
stream {
	id = 0;
	packet.context := struct { u64 packet_size; u64 content_size; u64 cpu_id; };
	event.header := struct { u64 id;%s };
};
"""


def write_many_events(folder: Path, types: int, rounds: int, *, clock: bool = True) -> int:
    """Write a trace into a new folder: `rounds` events of each type, no value twice; gives their number."""
    count = types * rounds
    fields = "".join(f" u64 f{number};" for number in range(FIELDS))
    events = (
        f'event {{ id = {number}; stream_id = 0; name = "e{number}"; fields := struct {{{fields} }}; }};\n'
        for number in range(types)
    )
    stream = _STREAM % (" time timestamp;" if clock else "")
    folder.mkdir()
    (folder / "metadata").write_text(_PREAMBLE + (_CLOCK if clock else "") + stream + "".join(events))
    header = [numpy.arange(count) % types, *([numpy.arange(1, count + 1)] if clock else [])]
    values = numpy.arange(count * FIELDS).reshape(count, FIELDS) * 1_000_003
    content = numpy.column_stack([*header, values]).astype("<u8").tobytes()
    bits = 8 * len(content) + _HEADER_BITS
    (folder / "stream").write_bytes(numpy.array([0, bits, bits, 1], dtype="<u8").tobytes() + content)
    return count
