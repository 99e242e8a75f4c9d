# SPDX-License-Identifier: GPL-2.0-only
"""One block of BTF, as the kernel documents it: Documentation/bpf/btf.rst, include/uapi/linux/btf.h.

The block stays as it is; what is added is where each record begins, so that any type can be read by itself.
It is read here rather than by bpftool because a kernel has a thousand modules with a block each (bpftool
would read the kernel's own again for each of them), and because a distribution's bpftool is older than the
kernels that it is to read.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

BTF_MAGIC = b"\x9f\xeb\x01"  # little endian, version 1

_RECORD = struct.Struct("<III")  # struct btf_type: name_off, info, size or type


class RecordKind(IntEnum):
    """What a record describes (BTF_KIND_*)."""

    VOID = 0
    INT = 1
    PTR = 2
    ARRAY = 3
    STRUCT = 4
    UNION = 5
    ENUM = 6
    FWD = 7
    TYPEDEF = 8
    VOLATILE = 9
    CONST = 10
    RESTRICT = 11
    FUNC = 12
    FUNC_PROTO = 13
    VAR = 14
    DATASEC = 15
    FLOAT = 16
    DECL_TAG = 17
    TYPE_TAG = 18
    ENUM64 = 19


# Bytes that follow a record: once, and for each of its members.
_TAIL = {
    RecordKind.INT: (4, 0),
    RecordKind.ARRAY: (12, 0),
    RecordKind.STRUCT: (0, 12),
    RecordKind.UNION: (0, 12),
    RecordKind.ENUM: (0, 8),
    RecordKind.FUNC_PROTO: (0, 8),
    RecordKind.VAR: (4, 0),
    RecordKind.DATASEC: (0, 12),
    RecordKind.DECL_TAG: (4, 0),
    RecordKind.ENUM64: (0, 12),
}

_SIZED = frozenset({RecordKind.STRUCT, RecordKind.UNION, RecordKind.ENUM, RecordKind.ENUM64})
_UNSIZED = frozenset({RecordKind.TYPEDEF, RecordKind.FUNC})


class UnreadableBtf(ValueError):
    """The block is damaged, or has records of a kind that this program does not know."""


@dataclass(frozen=True)
class Record:
    """One type's record.

    Attributes:
        name: "" where it has none.
        count: how many members (values, parameters) follow.
        flag: kind_flag: bit fields in a struct, a signed enum, a forward declaration of a union.
        value: the size in bytes, or the id of the type that it refers to, as its kind has it.
        at: where in the block's types the rest begins.
    """

    kind: RecordKind
    name: str
    count: int
    flag: bool
    value: int
    at: int


@dataclass(frozen=True)
class Block:
    """The types of a kernel, or those that a module adds to them (split BTF).

    Attributes:
        first_id: the id of the first record; ids below are the kernel's.
        first_string: the offset of the first byte of `strings`; offsets below are the kernel's.
        offsets: where in `types` each record begins.
    """

    first_id: int
    first_string: int
    types: bytes
    strings: bytes
    offsets: array[int]

    @property
    def end_id(self) -> int:
        """The id after the last one."""
        return self.first_id + len(self.offsets)

    @property
    def end_string(self) -> int:
        return self.first_string + len(self.strings)


def parse_block(data: bytes, base: Block | None = None) -> Block:
    """A block out of a .BTF section.

    Args:
        base: the kernel's block, for a module's.

    Raises:
        UnreadableBtf: it is damaged, or newer than this program.
    """
    if data[:3] != BTF_MAGIC:
        raise UnreadableBtf("not little-endian BTF of version 1")
    header_length, types_at, types_length, strings_at, strings_length = struct.unpack_from("<IIIII", data, 4)
    types = data[header_length + types_at :][:types_length]
    strings = data[header_length + strings_at :][:strings_length]
    if len(types) < types_length or len(strings) < strings_length:
        raise UnreadableBtf("the block ends too early")
    first_id, first_string = (base.end_id, base.end_string) if base else (1, 0)
    return Block(first_id, first_string, types, strings, _record_offsets(types))


def _record_offsets(types: bytes) -> array[int]:
    offsets = array("I")
    at, end = 0, len(types)
    unpack = _RECORD.unpack_from
    tails = [_TAIL.get(kind, (0, 0)) for kind in RecordKind]
    while at < end:
        offsets.append(at)
        info = unpack(types, at)[1]
        kind = info >> 24 & 0x1F
        if kind >= len(tails):
            raise UnreadableBtf(f"a record of kind {kind}, which is newer than this program")
        once, each = tails[kind]
        at += _RECORD.size + once + each * (info & 0xFFFF)
    return offsets


def text_at(offset: int, block: Block, base: Block) -> str:
    """The text at a string offset, in the module's block or the kernel's."""
    if offset >= block.first_string:
        strings, at = block.strings, offset - block.first_string
    else:
        strings, at = base.strings, offset
    return strings[at : strings.index(b"\0", at)].decode("utf-8", "replace")


def read_record(type_id: int, block: Block, base: Block) -> Record:
    """The record of an id that is in `block` (0, for void, is in none)."""
    at = block.offsets[type_id - block.first_id]
    name, info, value = _RECORD.unpack_from(block.types, at)
    return Record(
        kind=RecordKind(info >> 24 & 0x1F),
        name=text_at(name, block, base) if name else "",
        count=info & 0xFFFF,
        flag=bool(info >> 31),
        value=value,
        at=at + _RECORD.size,
    )


def named_types(block: Block, base: Block) -> Iterator[tuple[str, RecordKind, int, int]]:
    """(name, kind, id, size) of each named struct, union, enum, typedef and function.

    Enums of 64 bits count as enums; the size is in bytes, 0 for a typedef and a function.
    """
    unpack = _RECORD.unpack_from
    kinds = {each.value: each for each in _SIZED | _UNSIZED}
    for type_id, at in enumerate(block.offsets, block.first_id):
        name, info, value = unpack(block.types, at)
        kind = kinds.get(info >> 24 & 0x1F)
        if name and kind:
            shown = RecordKind.ENUM if kind is RecordKind.ENUM64 else kind
            yield text_at(name, block, base), shown, type_id, value if kind in _SIZED else 0


def percpu_variables(block: Block, base: Block) -> Iterator[tuple[str, int]]:
    """(name, id) of each per-CPU variable; a kernel's BTF may have others too (pahole's global_var)."""
    for type_id in range(block.first_id, block.end_id):
        record = read_record(type_id, block, base)
        if record.kind is not RecordKind.DATASEC or record.name != ".data..percpu":
            continue
        for index in range(record.count):
            (variable,) = struct.unpack_from("<I", block.types, record.at + 12 * index)
            yield read_record(variable, block, base).name, variable


def enum_labels(block: Block, base: Block) -> Iterator[tuple[str, int]]:
    """(label, id of its enum) for every label of a block's enums."""
    lengths: dict[int, int] = {RecordKind.ENUM: 8, RecordKind.ENUM64: 12}
    for type_id, at in enumerate(block.offsets, block.first_id):
        info = _RECORD.unpack_from(block.types, at)[1]
        length = lengths.get(info >> 24 & 0x1F)
        if length is None:
            continue
        for index in range(info & 0xFFFF):
            (label,) = struct.unpack_from("<I", block.types, at + _RECORD.size + length * index)
            yield text_at(label, block, base), type_id
