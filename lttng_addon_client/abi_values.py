# SPDX-License-Identifier: GPL-2.0-only
"""Bytes of the boundary <-> Python values, by the types of docs/boundary.md."""

from __future__ import annotations

import ipaddress
import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .description import AggregateInfo, InterfaceError, KeyMember, StructLayout, one_or_all
from .symbols import folded

_FORMATS = {
    "u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "s8": "<b", "s16": "<h", "s32": "<i", "s64": "<q",
    "bool": "<?", "pointer": "<Q", "stack": "<Q", "be16": ">H", "be32": ">I", "be64": ">Q",
}  # fmt: skip
_ADDRESSES = {"ip4": 4, "ip6": 16, "mac": 6}
# struct lttng_addons_cell: sequence, count, sum, sum_high, min, max.
CELL = struct.Struct("<QQQQQQ")


@dataclass(frozen=True)
class Row:
    """The values of one key; None is what the aggregate's kind does not keep.

    A key of several parts is a tuple; a series' first part is when its slice began, in nanoseconds since booting, and
    a stack is a text. `last` came at `last_ns`. `buckets` are a histogram's, as (from, count); None is "below all
    others".
    """

    key: Any
    count: int
    sum: int | None = None
    min: int | None = None
    max: int | None = None
    buckets: tuple[tuple[int | None, int], ...] = ()
    last: int | None = None
    last_ns: int = 0

    @property
    def mean(self) -> float | None:
        return None if self.sum is None else self.sum / self.count


@dataclass(frozen=True)
class AggregateReading:
    """An aggregate as it was read; `overflow` counts values for whose key there was no room.

    Of a `top` it counts how often a key gave way to another one; each may have up to `unsure` more than its row says.
    """

    info: AggregateInfo
    rows: tuple[Row, ...]
    overflow: int
    unsure: int = 0

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
    if element == "stack":
        return [each for each in struct.unpack(f"<{length}Q", data) if each]
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
    words: int


def unpack_cell(data: bytes, info: AggregateInfo, layout: CellLayout) -> Row | None:
    """A row out of a cell's bytes; None if the cell is free."""
    _, count, low, high, least, most = CELL.unpack_from(data)
    if not count:
        return None
    key = one_or_all([_key_part(part, info, data) for part in info.key])
    words = struct.unpack_from(f"<{layout.words}Q", data, CELL.size + layout.key_size)
    kept = {"sum": (high << 64 | low, 128), "min": (least, 64), "max": (most, 64)}
    numbers = {name: _number(*value, info) for name, value in kept.items() if name in info.keeps}
    if "least" in info.keeps:
        numbers["sum"] = low - words[0]
    if "last" in info.keeps:
        numbers |= {"last": _number(words[0], 64, info), "last_ns": words[1]}
    return Row(key, count, **numbers, buckets=_buckets(words, info) if info.scale else ())


def _key_part(part: KeyMember, info: AggregateInfo, data: bytes) -> Any:
    at = CELL.size + part.offset
    raw = unpack(part.type, data[at : at + size_of(part.type, {})], {})
    if info.every_ns and part is info.key[0]:
        return raw * info.every_ns
    return folded(raw) if isinstance(raw, list) else part.labels.get(str(raw), raw)


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
        exponent, step = divmod(index - 1, int(info.scale["steps"]))
        return index - 1 if exponent < 2 else int(info.scale["steps"]) + step << exponent - 1
    return int(info.scale["from"]) + (index - 1) * int(info.scale["step"])


def quantile(buckets: Sequence[tuple[int | None, int]], share: float) -> tuple[int | None, int | None]:
    """The least and the greatest value below or at which that share of a histogram's values may lie.

    None stands for a value without a bound on that side. The buckets are not all empty.
    """
    wanted = math.ceil(share * sum(count for _, count in buckets))
    seen = 0
    for index, (begin, count) in enumerate(buckets):
        seen += count
        if count and seen >= wanted:
            end = buckets[index + 1][0] if index + 1 < len(buckets) else None
            return begin, None if end is None else end - 1
    raise ValueError("no values")


def merge(rows: list[Row], info: AggregateInfo) -> tuple[Row, ...]:
    """One row a key, of rows of several CPUs: the most frequent first, a `top`'s heaviest, a series' by its time."""
    merged: dict[Any, Row] = {}
    for row in rows:
        known = merged.get(row.key)
        merged[row.key] = row if known is None else _added(known, row, info)
    if "least" in info.keeps:
        return tuple(sorted(merged.values(), key=lambda row: -(row.sum or 0))[: info.keys])
    return tuple(sorted(merged.values(), key=lambda row: (_slice(row, info), -row.count)))


def _slice(row: Row, info: AggregateInfo) -> int:
    """When the row's slice of a series began; 0 for what is none."""
    if not info.every_ns:
        return 0
    return int(row.key if len(info.key) == 1 else row.key[0])


def _added(a: Row, b: Row, info: AggregateInfo) -> Row:
    return Row(
        a.key,
        a.count + b.count,
        None if a.sum is None or b.sum is None else a.sum + b.sum,
        None if a.min is None or b.min is None else min(a.min, b.min),
        None if a.max is None or b.max is None else max(a.max, b.max),
        tuple((begin, x + y) for (begin, x), (_, y) in zip(a.buckets, b.buckets, strict=True)),
        *((a.last, a.last_ns) if a.last_ns > b.last_ns else (b.last, b.last_ns)),
    )
