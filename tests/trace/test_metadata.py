# SPDX-License-Identifier: GPL-2.0-only
"""Metadata of both languages: what they describe is the same, and what is beyond the own reader is refused in words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from lttng_addon_kit.trace.metadata.described import (
    ArrayType,
    FieldType,
    IntegerType,
    SizedTextType,
    StructureType,
    TextType,
    UnsupportedMetadata,
    VariantType,
)
from lttng_addon_kit.trace.metadata.metadata_file import read_metadata
from lttng_addon_kit.trace.metadata.tsdl import read_tsdl
from lttng_addon_kit.trace.own.own_reader import prepare
from lttng_addon_kit.trace.reader import Reader
from tests.trace.both_readers import read_all
from tests.trace.real_traces import DATA

_ROLES = {
    "magic": "packet-magic-number",
    "stream_id": "data-stream-class-id",
    "stream_instance_id": "data-stream-id",
    "packet_size": "packet-total-length",
    "content_size": "packet-content-length",
    "timestamp_end": "packet-end-default-clock-timestamp",
    "packet_seq_num": "packet-sequence-number",
    "events_discarded": "discarded-event-record-counter-snapshot",
    "id": "event-record-class-id",
}


def _ctf2(of: FieldType, roles: tuple[str, ...] = ()) -> dict[str, Any]:
    """A type of CTF 1.8 as CTF 2's field class; packet and event headers have roles."""
    match of:
        case IntegerType():
            sign = "signed" if of.signed else "unsigned"
            said: dict[str, Any] = {"type": f"fixed-length-{sign}-integer", "length": of.size, "alignment": of.align}
            said |= {"byte-order": f"{of.order}-endian", "preferred-display-base": of.base, "roles": list(roles)}
            if of.labels is not None:
                said["mappings"] = {}
                for label, low, high in of.labels:
                    said["mappings"].setdefault(label, []).append([low, high])
            return said
        case TextType():
            return {"type": "null-terminated-string"}
        case SizedTextType(int() as length):
            return {"type": "static-length-string", "length": length}
        case ArrayType(element, int() as length):
            return {"type": "static-length-array", "length": length, "element-field-class": _ctf2(element)}
        case ArrayType(element, path):
            location = {"path": list(path) if not isinstance(path, int) else []}
            element_class = _ctf2(element)
            return {
                "type": "dynamic-length-array",
                "element-field-class": element_class,
                "length-field-location": location,
            }
        case StructureType():
            return {"type": "structure", "minimum-alignment": of.align, "member-classes": _members(of, bool(roles))}
        case VariantType():
            options = [
                {"name": each.name, "selector-field-ranges": each.ranges, "field-class": _ctf2(each.type, roles)}
                for each in of.options
            ]
            return {"type": "variant", "selector-field-location": {"path": list(of.selector)}, "options": options}
    raise AssertionError(of)


def _members(of: StructureType, has_roles: bool) -> list[dict[str, Any]]:
    members = []
    for name, member in of.members:
        role = ("default-clock-timestamp",) if isinstance(member, IntegerType) and member.clock else ()
        role = (_ROLES[name],) if name in _ROLES else role
        inner = ("",) if has_roles and isinstance(member, StructureType | VariantType) else ()
        members.append({"name": name, "field-class": _ctf2(member, (role or inner) if has_roles else ())})
    return members


def _write_ctf2(folder: Path) -> None:
    """Describe a trace's packets again, in the language of CTF 2."""
    trace = read_metadata(folder)
    ((number, stream),) = trace.streams.items()
    clock = trace.clocks[stream.clock]
    offset = {"seconds": clock.offset_seconds, "cycles": clock.offset_cycles}
    fragments = [
        {"type": "preamble", "version": 2},
        {"type": "trace-class", "packet-header-field-class": _ctf2(trace.packet_header, ("",))},
        {"type": "clock-class", "id": stream.clock, "frequency": clock.frequency, "offset-from-origin": offset},
        {
            "type": "data-stream-class",
            "id": number,
            "default-clock-class-id": stream.clock,
            "packet-context-field-class": _ctf2(stream.packet_context, ("",)),
            "event-record-header-field-class": _ctf2(stream.header, ("",)),
            "event-record-common-context-field-class": _ctf2(stream.context),
        },
    ]
    fragments += [
        {
            "type": "event-record-class",
            "id": event_id,
            "data-stream-class-id": number,
            "name": event.name,
            "payload-field-class": _ctf2(event.fields),
        }
        for event_id, event in stream.events.items()
    ]
    (folder / "metadata").write_text("".join(f"\x1e{json.dumps(each)}\n" for each in fragments))


@pytest.mark.parametrize("name", ["bookworm", "trixie", "sid", "bookworm-lossy"])
def test_ctf_2_reads_as_ctf_1_8(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(DATA / name, tmp_path / name)) / "kernel"
    before = read_all(folder, Reader.OWN)
    _write_ctf2(folder)
    after = read_all(folder, Reader.OWN)
    assert before.count
    assert after.events == before.events
    assert after.findings == before.findings


def test_lttngs_own_ctf_2() -> None:
    trace = read_metadata(DATA / "sid-ctf2/kernel")
    (stream,) = trace.streams.values()
    assert prepare(DATA, trace).programs
    assert {event.name for event in stream.events.values()} >= {"my_probe", "syscall_entry_clone"}


_TRACE = "trace { byte_order = le; };"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "isn't understood"),
        ("clock { name = c; };", "describes no trace"),
        (f"{_TRACE} stream {{ event.header := struct {{ thing x; }}; }};", "no type thing"),
        (f"{_TRACE} typealias integer {{ size = 65; }} := x;", "an integer of 65 bits"),
        (f"{_TRACE} typealias integer {{ size = 8; align = 3; }} := x;", "aligned to 3"),
        (f"{_TRACE} typealias integer {{ size = {'9' * 5000}; }} := x;", "the number 999"),
        (f"{_TRACE} clock {{ freq = 0; }};", "doesn't tick"),
        (f"{_TRACE} event {{ id = 1; stream_id = 7; }};", "of no stream"),
        (_TRACE + " stream { event.header := " + "struct { " * 3000 + "} x; " * 2999 + "}; };", "too deeply"),
    ],
)
def test_what_is_not_understood(text: str, said: str) -> None:
    with pytest.raises(UnsupportedMetadata, match=said):
        read_tsdl(text)
