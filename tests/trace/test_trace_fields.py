# SPDX-License-Identifier: GPL-2.0-only
"""Every kind of field that a trace may have, from a written trace to its summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bt2

from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.trace.summary import summarise
from tests.trace.written import Event, write_trace


def _fields(folder: Path, field_classes: Any, values: list[dict[str, Any]]) -> dict[str, Any]:
    """Write events with these values, read them back, and give their fields as the JSON has them."""
    events = [Event(1000 * at, at % 2, fields) for at, fields in enumerate(values, 1)]
    trace = write_trace(folder / "trace", lambda trace, payload: payload.__iadd__(field_classes(trace)), events)
    fields: dict[str, Any] = to_json(summarise(trace))["events"]["sample"]["fields"]
    return fields


def test_integers_and_flags(tmp_path: Path) -> None:
    def classes(trace: Any) -> Any:
        hexadecimal = bt2.IntegerDisplayBase.HEXADECIMAL
        return [
            ("signed", trace.create_signed_integer_field_class(16)),
            ("flags", trace.create_unsigned_integer_field_class(32, preferred_display_base=hexadecimal)),
            ("address", trace.create_unsigned_integer_field_class(64, preferred_display_base=hexadecimal)),
        ]

    values = [{"signed": -5, "flags": 0x10, "address": 2**64 - 64}, {"signed": 5, "flags": 0x10, "address": 0}]
    fields = _fields(tmp_path, classes, values)
    assert fields["signed"]["type"] == "integer"
    assert (fields["signed"]["min"], fields["signed"]["mean"], fields["signed"]["max"]) == (-5, 0, 5)
    assert (fields["flags"]["base"], fields["flags"]["top"]) == (16, [[16, 2]])
    assert fields["address"] == {"type": "pointer", "count": 2, "exact": True, "distinct": 2, "null": 1}


def test_floats_and_text(tmp_path: Path) -> None:
    def classes(trace: Any) -> Any:
        return [
            ("ratio", trace.create_double_precision_real_field_class()),
            ("name", trace.create_string_field_class()),
        ]

    fields = _fields(tmp_path, classes, [{"ratio": 0.5, "name": "eth0"}, {"ratio": 1.5, "name": "grün"}])
    assert (fields["ratio"]["type"], fields["ratio"]["mean"]) == ("float", 1.0)
    assert fields["name"]["top"] == [["eth0", 1], ["grün", 1]]


def test_enumerations_by_their_labels(tmp_path: Path) -> None:
    def classes(trace: Any) -> Any:
        reason = trace.create_unsigned_enumeration_field_class(32)
        reason.add_mapping("NO_SOCKET", bt2.UnsignedIntegerRangeSet([(3, 3)]))
        reason.add_mapping("TOO_BIG", bt2.UnsignedIntegerRangeSet([(10, 19)]))
        return [("reason", reason)]

    fields = _fields(tmp_path, classes, [{"reason": value} for value in (3, 3, 10, 19, 42)])
    assert fields["reason"]["type"] == "enum"
    assert fields["reason"]["top"] == [["NO_SOCKET", 2], ["TOO_BIG", 2], ["42", 1]]


def test_arrays_addresses_and_structures(tmp_path: Path) -> None:
    def classes(trace: Any) -> Any:
        def byte() -> Any:
            return trace.create_unsigned_integer_field_class(8)

        inner = trace.create_structure_field_class()
        inner += [("port", trace.create_unsigned_integer_field_class(16))]
        length = trace.create_unsigned_integer_field_class(32)
        return [
            ("saddr_v4", trace.create_static_array_field_class(byte(), 4)),
            ("mac", trace.create_static_array_field_class(byte(), 6)),
            ("numbers", trace.create_static_array_field_class(byte(), 3)),
            ("peer", inner),
            ("_data_length", length),
            ("data", trace.create_dynamic_array_field_class(byte(), length)),
        ]

    def values(data: list[int]) -> dict[str, Any]:
        addresses = {"saddr_v4": [10, 0, 0, 1], "mac": [2, 0, 0, 0, 0, 255], "numbers": [1, 2, 3]}
        return addresses | {"peer": {"port": 53}, "_data_length": len(data), "data": data}

    fields = _fields(tmp_path, classes, [values([1, 2]), values([7] * 100), values([7] * 99 + [8])])
    assert list(fields) == ["saddr_v4", "mac", "numbers", "peer.port", "data"]
    assert fields["saddr_v4"]["top"] == [["10.0.0.1", 3]]
    assert fields["mac"]["top"] == [["02:00:00:00:00:ff", 3]]
    assert fields["numbers"]["top"] == [["[1, 2, 3]", 3]]
    assert fields["peer.port"]["p50"] == 53
    assert (fields["data"]["length"]["min"], fields["data"]["length"]["max"]) == (2, 100)
    assert ["[1, 2]", 1] in fields["data"]["top"]
    assert (fields["data"]["distinct"], fields["data"]["exact"]) == (3, True)


def test_long_text_that_differs_at_its_end_is_distinct(tmp_path: Path) -> None:
    def classes(trace: Any) -> Any:
        return [("path", trace.create_string_field_class())]

    fields = _fields(tmp_path, classes, [{"path": "/" + "x" * 500 + end} for end in "abb"])
    assert fields["path"]["distinct"] == 2
    assert [count for _text, count in fields["path"]["top"]] == [2, 1]
    assert fields["path"]["top"][0][0].endswith("x…")


def test_a_hexadecimal_integer_keeps_its_values(tmp_path: Path) -> None:
    """Without a recording: what isn't all in the kernel's half of addresses is a number."""

    def classes(trace: Any) -> Any:
        hexadecimal = bt2.IntegerDisplayBase.HEXADECIMAL
        return [("flags", trace.create_unsigned_integer_field_class(64, preferred_display_base=hexadecimal))]

    fields = _fields(tmp_path, classes, [{"flags": value} for value in (0x8000, 0x8000, 2**63)])
    assert (fields["flags"]["type"], fields["flags"]["base"]) == ("integer", 16)
    assert fields["flags"]["top"] == [[0x8000, 2], [2**63, 1]]
