# SPDX-License-Identifier: GPL-2.0-only
"""Reads types from a kernel's index, each when it is first needed."""

from __future__ import annotations

import sqlite3
import struct
from array import array
from functools import partial

from lttng_addon_kit.kernel.btf import Block, Record, RecordKind, read_record, text_at
from lttng_addon_kit.kernel.macros import Macro
from lttng_addon_kit.kernel.system_call_headers import SystemCall
from lttng_addon_kit.kernel.types import (
    Argument,
    Array,
    Enum,
    Float,
    Forward,
    Function,
    Integer,
    Member,
    Pointer,
    Qualified,
    Struct,
    Type,
    Typedef,
    Void,
)

_QUALIFIERS = {RecordKind.CONST: "const", RecordKind.VOLATILE: "volatile", RecordKind.RESTRICT: "restrict"}
# An id in the index: the block's number above, the block's own id below.
BLOCK_SHIFT = 32
_LOCAL = (1 << BLOCK_SHIFT) - 1


class TypeStore:
    """The types of one kernel and its modules.

    An id is a block's number (0: the kernel's own; the modules' from 1) above, the id in that block below.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._blocks: dict[int, Block] = {}
        self._modules: dict[int, str] = {}
        self._types: dict[int, Type] = {0: Void()}
        self._base = self._block(0)

    def fact(self, name: str) -> str:
        """One of the facts that the index holds besides types."""
        (value,) = self._database.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(value)

    def ids(self, kind: RecordKind, name: str) -> list[int]:
        """The ids of what has that name, the kernel's own before the modules'."""
        rows = self._database.execute("SELECT id FROM name WHERE name = ? AND kind = ? ORDER BY id", (name, kind))
        return [row[0] for row in rows]

    def sizes(self, kind: RecordKind, name: str) -> set[int]:
        """The sizes, in bytes, of all types of that name."""
        return {
            row[0] for row in self._database.execute("SELECT size FROM name WHERE name = ? AND kind = ?", (name, kind))
        }

    def names(self, kind: RecordKind, pattern: str) -> list[str]:
        """The names of that kind, sorted, that match a pattern of GLOB."""
        rows = self._database.execute(
            "SELECT DISTINCT name FROM name WHERE name GLOB ? AND kind = ? ORDER BY name", (pattern, kind)
        )
        return [row[0] for row in rows]

    def labels(self, pattern: str) -> list[str]:
        """The labels of all enums, sorted, that match a pattern of GLOB."""
        rows = self._database.execute("SELECT DISTINCT label FROM label WHERE label GLOB ? ORDER BY label", (pattern,))
        return [row[0] for row in rows]

    def enum_ids(self, label: str) -> list[int]:
        """The ids of the enums that have a label, the kernel's own before the modules'."""
        return [row[0] for row in self._database.execute("SELECT id FROM label WHERE label = ? ORDER BY id", (label,))]

    def system_call(self, name: str) -> SystemCall | None:
        """A system call by the name that programs have for it."""
        row = self._database.execute("SELECT * FROM system_call WHERE name = ?", (name,)).fetchone()
        return SystemCall(*row) if row else None

    def system_call_names(self, pattern: str) -> list[str]:
        """The names of system calls, sorted, that match a pattern of GLOB."""
        rows = self._database.execute("SELECT name FROM system_call WHERE name GLOB ? ORDER BY name", (pattern,))
        return [row[0] for row in rows]

    def header(self, kind: str, name: str) -> str | None:
        """The header chosen for a struct, union, enum, typedef, inline (function) or macro."""
        row = self._database.execute("SELECT header FROM header WHERE kind = ? AND name = ?", (kind, name)).fetchone()
        return row[0] if row else None

    def has_object_macro(self, name: str) -> bool:
        """Whether a header has an object-like macro of that name."""
        return self._database.execute("SELECT 1 FROM object_macro WHERE name = ?", (name,)).fetchone() is not None

    def variable(self, type_id: int) -> Type:
        """The type of a variable (a VAR's id)."""
        return self.type(self._global(self._record(type_id)[1].value, type_id))

    def is_exported(self, variable: str) -> bool:
        """Whether modules may use a variable."""
        return bool(self._database.execute("SELECT 1 FROM exported WHERE name = ?", (variable,)).fetchone())

    def is_marked_user(self, owner: str, part: str) -> bool:
        """Whether headers mark a function's argument (by number) or a struct's member as a pointer to user space."""
        found = self._database.execute("SELECT 1 FROM user_mark WHERE owner = ? AND part = ?", (owner, part))
        return found.fetchone() is not None

    def macro(self, name: str) -> Macro | None:
        """A macro without arguments that stands for an integer or a member, or None."""
        row = self._database.execute("SELECT text, header FROM macro WHERE name = ?", (name,)).fetchone()
        return Macro(*row) if row else None

    def macro_names(self, pattern: str) -> list[str]:
        """The names of such macros, sorted, that match a pattern of GLOB."""
        rows = self._database.execute("SELECT name FROM macro WHERE name GLOB ? ORDER BY name", (pattern,))
        return [row[0] for row in rows]

    def headers(self) -> list[str]:
        """All headers that were chosen for a struct, union, enum or typedef, sorted."""
        chosen = "SELECT DISTINCT header FROM header WHERE kind NOT IN ('inline', 'macro') ORDER BY header"
        return [row[0] for row in self._database.execute(chosen)]

    def module(self, type_id: int) -> str | None:
        """The module that a type belongs to, or None for the kernel itself."""
        number = type_id >> BLOCK_SHIFT
        self._block(number)
        return self._modules[number] or None

    def type(self, type_id: int) -> Type:
        """The type of an id; all of it but the members of structs."""
        found = self._types.get(type_id)
        if found is None:
            found = self._types[type_id] = self._build(type_id)
        return found

    def members(self, struct_: Struct) -> tuple[Member, ...]:
        """The members of a struct or union, in the order of declaration."""
        block, record = self._record(struct_.id)
        members = []
        for name, type_id, offset in struct.iter_unpack("<III", _tail(block, record, 12)):
            # With kind_flag, the upper 8 bits are a bit field's size (struct btf_member).
            bits, at = (offset >> 24, offset & 0xFFFFFF) if record.flag else (0, offset)
            members.append(Member(self._text(name, block), self.type(self._global(type_id, struct_.id)), at, bits))
        return tuple(members)

    def function(self, type_id: int) -> Function:
        """The prototype of a function (a FUNC's id) or of a typedef of a pointer to one."""
        _, record = self._record(type_id)
        found = self.type(self._global(record.value, type_id))
        if isinstance(found, Pointer):
            found = found.target
        assert isinstance(found, Function)
        return found

    def _build(self, type_id: int) -> Type:
        block, record = self._record(type_id)
        refer = partial(self._global, beside=type_id)
        kind, name = record.kind, record.name
        if kind in (RecordKind.STRUCT, RecordKind.UNION):
            return Struct("struct" if kind is RecordKind.STRUCT else "union", name, record.value, type_id)
        if kind is RecordKind.INT:
            (encoding,) = struct.unpack_from("<I", block.types, record.at)
            return Integer(name, record.value, bool(encoding >> 24 & 1), bool(encoding >> 24 & 4))
        if kind is RecordKind.PTR:
            return Pointer(self.type(refer(record.value)))
        if kind is RecordKind.ARRAY:
            element, _, length = struct.unpack_from("<III", block.types, record.at)
            return Array(self.type(refer(element)), length)
        if kind in (RecordKind.ENUM, RecordKind.ENUM64):
            return Enum(name, record.value, record.flag, self._labels(block, record))
        if kind is RecordKind.FWD:
            return self._forward(type_id, record)
        if kind is RecordKind.TYPEDEF:
            return Typedef(name, self.type(refer(record.value)))
        if kind in _QUALIFIERS:
            return Qualified(_QUALIFIERS[kind], self.type(refer(record.value)))
        if kind is RecordKind.TYPE_TAG:
            return Qualified(name, self.type(refer(record.value)))
        if kind is RecordKind.FLOAT:
            return Float(name, record.value)
        if kind is RecordKind.FUNC_PROTO:
            return self._prototype(type_id, block, record)
        # What is left (functions, variables and notes on them) is no type that another one refers to.
        return Void()

    def _labels(self, block: Block, record: Record) -> tuple[tuple[str, int], ...]:
        tail = _tail(block, record, 12 if record.kind is RecordKind.ENUM64 else 8)
        sign = "i" if record.flag else "I"
        if record.kind is RecordKind.ENUM:
            return tuple((self._text(name, block), value) for name, value in struct.iter_unpack(f"<I{sign}", tail))
        return tuple(
            (self._text(name, block), high << 32 | low) for name, low, high in struct.iter_unpack(f"<II{sign}", tail)
        )

    def _prototype(self, type_id: int, block: Block, record: Record) -> Function:
        pairs = list(struct.iter_unpack("<II", _tail(block, record, 8)))
        variadic = bool(pairs) and pairs[-1] == (0, 0)
        parameters = tuple(
            Argument(self._text(name, block), self.type(self._global(parameter, type_id)))
            for name, parameter in (pairs[:-1] if variadic else pairs)
        )
        return Function(parameters, self.type(self._global(record.value, type_id)), variadic)

    def _forward(self, type_id: int, record: Record) -> Type:
        """What a declaration without members stands for: the definition elsewhere, if there is just one."""
        kind = RecordKind.UNION if record.flag else RecordKind.STRUCT
        ids = self.ids(kind, record.name)
        beside = [each for each in ids if each >> BLOCK_SHIFT in (0, type_id >> BLOCK_SHIFT)]
        if len(beside or ids) == 1:
            return self.type((beside or ids)[0])
        return Forward("union" if record.flag else "struct", record.name)

    def _record(self, type_id: int) -> tuple[Block, Record]:
        block = self._block(type_id >> BLOCK_SHIFT)
        return block, read_record(type_id & _LOCAL, block, self._base)

    def _global(self, local: int, beside: int) -> int:
        """The id of what a record refers to by `local`, `beside` being the id of that record."""
        return local if local < self._base.end_id else beside & ~_LOCAL | local

    def _text(self, offset: int, block: Block) -> str:
        return text_at(offset, block, self._base)

    def _block(self, number: int) -> Block:
        if number not in self._blocks:
            row = self._database.execute("SELECT * FROM block WHERE number = ?", (number,)).fetchone()
            _, self._modules[number], first_id, first_string, types, strings, offsets = row
            self._blocks[number] = Block(first_id, first_string, types, strings, array("I", offsets))
            if number == 0:
                self._base = self._blocks[0]
        return self._blocks[number]


def _tail(block: Block, record: Record, length: int) -> bytes:
    return block.types[record.at : record.at + length * record.count]
