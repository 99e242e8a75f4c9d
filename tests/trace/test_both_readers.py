# SPDX-License-Identifier: GPL-2.0-only
"""The kit's own reader and babeltrace2's give the same, event by event and to the last value, damaged or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import bt2
import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.summary import summarise
from tests.trace.both_readers import difference, read_all
from tests.trace.many_events import write_many_events
from tests.trace.real_traces import DATA, copied, overwrite
from tests.trace.written import Event, write_trace

RECORDED = sorted(path.name for path in DATA.iterdir() if path.is_dir() and path.name != "sid-ctf2")


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_traces(name: str) -> None:
    assert difference(DATA / name) == ""


@pytest.mark.parametrize("clock", [True, False])
def test_many_event_types(tmp_path: Path, clock: bool) -> None:
    write_many_events(tmp_path / "trace", 50, 40, clock=clock)
    assert difference(tmp_path / "trace") == ""


def _numbers(trace: Any) -> Any:
    hexadecimal = bt2.IntegerDisplayBase.HEXADECIMAL
    mode = trace.create_signed_enumeration_field_class(12)
    mode.add_mapping("LOW", bt2.SignedIntegerRangeSet([(-5, -1), (7, 7)]))
    mode.add_mapping("HIGH", bt2.SignedIntegerRangeSet([(5, 9)]))
    sizes = [(f"u{bits}", trace.create_unsigned_integer_field_class(bits)) for bits in (1, 3, 7, 13, 31, 33, 63, 64)]
    return [
        *sizes,
        ("i5", trace.create_signed_integer_field_class(5)),
        ("i64", trace.create_signed_integer_field_class(64)),
        ("pointer", trace.create_unsigned_integer_field_class(64, preferred_display_base=hexadecimal)),
        ("mode", mode),
        ("single", trace.create_single_precision_real_field_class()),
        ("double", trace.create_double_precision_real_field_class()),
    ]


def _numbers_values(draw: Random) -> dict[str, Any]:
    unsigned = {f"u{bits}": draw.getrandbits(bits) for bits in (1, 3, 7, 13, 31, 33, 63, 64)}
    signed = {"i5": draw.randint(-16, 15), "i64": draw.randint(-(2**63), 2**63 - 1), "mode": draw.randint(-8, 12)}
    real = {"single": draw.choice([0.5, float("nan"), -1e30]), "double": draw.gauss(0, 1e300)}
    return unsigned | signed | real | {"pointer": draw.getrandbits(64)}


def _parts(trace: Any) -> Any:
    inner = trace.create_structure_field_class()
    inner += [("port", trace.create_unsigned_integer_field_class(16)), ("who", trace.create_string_field_class())]
    length = trace.create_unsigned_integer_field_class(32)
    return [
        ("text", trace.create_string_field_class()),
        ("peer", inner),
        ("fixed", trace.create_static_array_field_class(trace.create_signed_integer_field_class(16), 5)),
        ("_data_length", length),
        ("data", trace.create_dynamic_array_field_class(trace.create_unsigned_integer_field_class(16), length)),
        ("reals", trace.create_static_array_field_class(trace.create_double_precision_real_field_class(), 2)),
    ]


def _parts_values(draw: Random) -> dict[str, Any]:
    data = [draw.getrandbits(16) for _ in range(draw.randrange(90))]
    text = "".join(draw.choices('aé "\\', k=draw.randrange(300)))
    return {
        "text": text,
        "peer": {"port": draw.getrandbits(16), "who": draw.choice(["", "me", "you"])},
        "fixed": [draw.randint(-(2**15), 2**15 - 1) for _ in range(5)],
        "_data_length": len(data),
        "data": data,
        "reals": [draw.random(), float("inf")],
    }


@pytest.mark.parametrize(("classes", "values"), [(_numbers, _numbers_values), (_parts, _parts_values)])
def test_every_kind_of_field(
    tmp_path: Path, classes: Callable[[Any], Any], values: Callable[[Random], dict[str, Any]]
) -> None:
    draw = Random(1)
    events = [Event(1000 * at, at % 2, values(draw)) for at in range(1, 200)]
    trace = write_trace(tmp_path / "trace", lambda trace, payload: payload.__iadd__(classes(trace)), events)
    assert difference(trace) == ""
    assert read_all(trace, Reader.OWN).count == 199


_HEADER = """/* CTF 1.8 */
typealias integer { size = 8; } := u8;
typealias integer { size = 64; align = 8; } := u64;
trace { major = 1; minor = 8; byte_order = ORDER; packet.header := struct { u64 stream_id; }; };
clock { name = "c"; freq = 1000000; offset_s = 5; offset = 250; };
stream {
	id = 0;
	packet.context := struct { u64 packet_size; u64 content_size; u64 cpu_id; };
	event.header := struct {
		integer { size = 4; align = 1; } id;
		integer { size = 12; align = 1; map = clock.c.value; } t;
	};
};
event { id = 3; stream_id = 0; name = "odd"; fields := struct { FIELDS }; };
"""
_BITS = "integer { size = %d; align = %d; signed = %s; } _f%d;"


def _write_bits(folder: Path, order: str, fields: str, size: int) -> Path:
    """A trace of one packet of events as the fields say, which has random bits after the header."""
    draw = Random(order + fields)
    folder.mkdir()
    (folder / "metadata").write_text(_HEADER.replace("ORDER", order).replace("FIELDS", fields))
    content = bytearray()
    for number in range(60):
        first = 3 | number << 4 if order == "le" else 3 << 12 | number
        content += first.to_bytes(2, "little" if order == "le" else "big") + draw.randbytes(size - 2)
    _write_packet(folder, order, content)
    return folder


def _write_packet(folder: Path, order: str, content: bytearray) -> None:
    bits = 8 * (32 + len(content))
    words = (0, bits, bits, 2)
    head = b"".join(word.to_bytes(8, "little" if order == "le" else "big") for word in words)
    (folder / "stream").write_bytes(head + content)


@pytest.mark.parametrize("order", ["le", "be"])
def test_bits_of_both_orders(tmp_path: Path, order: str) -> None:
    """Integers of any size at any bit: 2 bytes of header and 30 of fields an event."""
    sizes = (1, 2, 5, 9, 17, 31, 33, 63, 3, 7, 64, 5)
    fields = " ".join(_BITS % (size, 1, "true" if size % 3 else "false", at) for at, size in enumerate(sizes))
    trace = _write_bits(tmp_path / "trace", order, fields, 32)
    assert sum(sizes) == 8 * 30
    assert difference(trace) == ""
    assert read_all(trace, Reader.OWN).count == 60


# A variant: a byte, then what it selects; 12 bytes an event at most, 2 of them its header.
_VARIANT = """
	enum : u8 { A = 0 ... 99, B = 100 ... 199, _C = 200 ... 255 } _kind;
	variant <_kind> { u8 A; struct { u8 _n; integer { size = 16; align = 8; signed = true; } _xs[2]; } B; u64 _C; } _v;
	u8 _after;
"""


@pytest.mark.parametrize("order", ["le", "be"])
def test_variants(tmp_path: Path, order: str) -> None:
    draw = Random(order)
    trace = _write_bits(tmp_path / "trace", order, _VARIANT, 2)
    content = bytearray()
    for _ in range(200):
        kind = draw.randrange(256)
        size = 1 if kind < 100 else 5 if kind < 200 else 8
        content += (3 if order == "le" else 3 << 12).to_bytes(2, "little" if order == "le" else "big")
        content += bytes([kind]) + draw.randbytes(size + 1)
    _write_packet(trace, order, content)
    assert difference(trace) == ""
    ours = read_all(trace, Reader.OWN)
    assert ours.count == 200


def _damaged(folder: Path, seed: int) -> None:
    draw = Random(seed)
    file = draw.choice([path for path in folder.iterdir() if path.is_file() and path.name != "metadata"])
    content = file.read_bytes()
    if draw.random() < 0.3:
        file.write_bytes(content[: draw.randrange(len(content))])
    for _ in range(draw.randrange(1, 4)):
        overwrite(file, draw.randrange(100, len(content) - 8), draw.randbytes(draw.randrange(1, 8)))


@pytest.mark.parametrize("seed", range(12))
def test_damaged_traces(tmp_path: Path, seed: int) -> None:
    """babeltrace2 may give a damaged trace up as a whole; the own reader never does."""
    folder = copied("bookworm", tmp_path)
    _damaged(folder, seed)
    ours = summarise(folder, reader=Reader.OWN)
    try:
        theirs = summarise(folder, reader=Reader.BABELTRACE2)
    except KitError:
        return
    assert ours.events == theirs.events
    assert [each.file for each in ours.damage] == [each.file for each in theirs.damage]
    assert (ours.begin_ns, ours.end_ns) == (theirs.begin_ns, theirs.end_ns)


def test_the_summary_says_who_read() -> None:
    assert summarise(DATA / "bookworm").reader == "own"
    assert summarise(DATA / "bookworm", reader=Reader.BABELTRACE2).reader == "babeltrace2"


def test_what_the_own_reader_can_not_read_babeltrace2_reads(tmp_path: Path) -> None:
    def classes(trace: Any, payload: Any) -> None:
        payload += [("names", trace.create_static_array_field_class(trace.create_string_field_class(), 2))]

    trace = write_trace(tmp_path / "trace", classes, [Event(5, 0, {"names": ["a", "b"]})])
    summary = summarise(trace)
    assert (summary.reader, summary.count) == ("babeltrace2", 1)
    with pytest.raises(KitError, match="names is an array of something other than numbers") as caught:
        summarise(trace, reader=Reader.OWN)
    assert "--reader babeltrace2" in caught.value.hint
