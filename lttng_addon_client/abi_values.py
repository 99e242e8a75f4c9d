# SPDX-License-Identifier: GPL-2.0-only
"""Bytes of the boundary <-> Python values, by the types of docs/boundary.md."""

from __future__ import annotations

import ipaddress
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .description import AggregateInfo, InterfaceError, StructLayout

_FORMATS = {
    "u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "s8": "<b", "s16": "<h", "s32": "<i", "s64": "<q",
    "bool": "<?", "pointer": "<Q", "be16": ">H", "be32": ">I", "be64": ">Q",
}  # fmt: skip
_ADDRESSES = {"ip4": 4, "ip6": 16, "mac": 6}
# struct lttng_addons_cell: sequence, count, sum, sum_high, min, max.
_CELL = struct.Struct("<QQQQQQ")
_LOG2_FIRST = 2


@dataclass(frozen=True)
class Row:
    """The values of one key. `buckets` are a histogram's, as (from, count); None is "below all others"."""

    key: Any
    count: int
    sum: int
    min: int
    max: int
    buckets: tuple[tuple[int | None, int], ...] = ()

    @property
    def mean(self) -> float:
        return self.sum / self.count


@dataclass(frozen=True)
class AggregateReading:
    """An aggregate as it was read; `overflow` counts values for whose key there was no room."""

    info: AggregateInfo
    rows: tuple[Row, ...]
    overflow: int

    @property
    def by_key(self) -> dict[Any, Row]:
        """The rows by their keys (the key None where the aggregate has none)."""
        return {row.key: row for row in self.rows}


@dataclass(frozen=True)
class Hits:
    """What became of a hook's hits; see struct lttng_addons_hits."""

    seen: int
    passed: int
    recorded: int
    lost: int


def size_of(type_: str, structs: Mapping[str, StructLayout]) -> int:
    """The bytes of a type."""
    element, length = _array(type_)
    if element.startswith("struct "):
        return structs[element.removeprefix("struct ")].size * length
    if element == "char":
        return length
    return (_ADDRESSES.get(element) or struct.calcsize(_FORMATS[element])) * length


def unpack(type_: str, data: bytes, structs: Mapping[str, StructLayout]) -> Any:
    """A value out of its bytes: text, numbers, addresses as text, structs as dicts, arrays as lists."""
    element, length = _array(type_)
    if element == "char":
        return data.split(b"\0", 1)[0].decode(errors="backslashreplace")
    if type_ != element:
        size = size_of(element, structs)
        return [unpack(element, data[at : at + size], structs) for at in range(0, length * size, size)]
    if element.startswith("struct "):
        return unpack_struct(structs[element.removeprefix("struct ")], data, structs)
    if element == "mac":
        return data.hex(":")
    if element in _ADDRESSES:
        return str(ipaddress.ip_address(data))
    return struct.unpack(_FORMATS[element], data)[0]


def unpack_struct(layout: StructLayout, data: bytes, structs: Mapping[str, StructLayout]) -> dict[str, Any]:
    """A struct's members by name; an enum's label where there is one."""
    values = {}
    for member in layout.members:
        end = member.offset + size_of(member.type, structs)
        value = unpack(member.type, data[member.offset : end], structs)
        values[member.name] = member.labels.get(str(value), value)
    return values


def pack(type_: str, value: Any, structs: Mapping[str, StructLayout]) -> bytes:
    """The bytes of a value.

    Raises:
        InterfaceError: it does not fit the type.
    """
    element, length = _array(type_)
    try:
        if element == "char":
            return _text(value, length)
        if type_ != element:
            if len(value) != length:
                raise InterfaceError(f"{type_} has {length} elements, not {len(value)}")
            return b"".join(pack(element, each, structs) for each in value)
        if element.startswith("struct "):
            return _pack_struct(element, value, structs)
        return struct.pack(_FORMATS[element], value)
    except (struct.error, TypeError, AttributeError) as problem:
        raise InterfaceError(f"{value!r} is no {type_}: {problem}") from None


def numpy_format(type_: str) -> str:
    """A type in numpy's words; addresses and texts are bytes there."""
    element, length = _array(type_)
    if element == "char":
        return f"S{length}"
    if element in _ADDRESSES:
        return f"{_ADDRESSES[element]}u1"
    order = _FORMATS[element][0]
    kind = "b" if element == "bool" else "i" if element.startswith("s") else "u"
    one = "?" if kind == "b" else f"{order}{kind}{struct.calcsize(_FORMATS[element])}"
    return one if type_ == element else f"{length}{one}"


def _pack_struct(type_: str, value: Mapping[str, Any], structs: Mapping[str, StructLayout]) -> bytes:
    layout = structs[type_.removeprefix("struct ")]
    names = [member.name for member in layout.members]
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise InterfaceError(f"{type_} has the members {', '.join(names)}", "give each of them, by name")
    data = bytearray(layout.size)
    for member in layout.members:
        packed = pack(member.type, value[member.name], structs)
        data[member.offset : member.offset + len(packed)] = packed
    return bytes(data)


def _text(value: str, length: int) -> bytes:
    data = value.encode()
    if len(data) > length or "\0" in value:
        raise InterfaceError(f"{value!r} does not fit into {length} bytes of text")
    return data.ljust(length, b"\0")


def _array(type_: str) -> tuple[str, int]:
    found = re.fullmatch(r"(.+?)\[(\d+)\]", type_)
    return (found[1], int(found[2])) if found else (type_, 1)


@dataclass(frozen=True)
class CellLayout:
    """struct lttng_addons_table, as far as one cell is concerned."""

    cell_size: int
    key_size: int
    buckets: int


def unpack_cell(data: bytes, info: AggregateInfo, layout: CellLayout) -> Row | None:
    """A row out of a cell's bytes; None if the cell is free."""
    _, count, low, high, least, most = _CELL.unpack_from(data)
    if not count:
        return None
    key = None
    if info.key is not None:
        raw = unpack(info.key, data[_CELL.size : _CELL.size + layout.key_size], {})
        key = info.labels.get(str(raw), raw)
    start = _CELL.size + (layout.key_size + 7) // 8 * 8
    counts = struct.unpack_from(f"<{layout.buckets}Q", data, start)
    total = _number(high << 64 | low, 128, info)
    return Row(key, count, total, _number(least, 64, info), _number(most, 64, info), _buckets(counts, info))


def _number(value: int, bits: int, info: AggregateInfo) -> int:
    return value - (1 << bits) if info.is_signed and value >> (bits - 1) else value


def _buckets(counts: tuple[int, ...], info: AggregateInfo) -> tuple[tuple[int | None, int], ...]:
    return tuple((bucket_begin(index, info), count) for index, count in enumerate(counts))


def bucket_begin(index: int, info: AggregateInfo) -> int | None:
    """The least value of a bucket; None for the one below all others."""
    assert info.scale is not None
    if index == 0:
        return None
    if info.scale["kind"] == "log2":
        return 0 if index < _LOG2_FIRST else 1 << (index - _LOG2_FIRST)
    return int(info.scale["from"]) + (index - 1) * int(info.scale["step"])


def merge(rows: list[Row], info: AggregateInfo) -> tuple[Row, ...]:
    """One row a key, of rows of several CPUs; the most frequent first."""
    merged: dict[Any, Row] = {}
    for row in rows:
        known = merged.get(row.key)
        merged[row.key] = row if known is None else _added(known, row, info)
    return tuple(sorted(merged.values(), key=lambda row: -row.count))


def _added(a: Row, b: Row, info: AggregateInfo) -> Row:
    return Row(
        a.key,
        a.count + b.count,
        a.sum + b.sum,
        min(a.min, b.min),
        max(a.max, b.max),
        tuple((begin, x + y) for (begin, x), (_, y) in zip(a.buckets, b.buckets, strict=True)),
    )
