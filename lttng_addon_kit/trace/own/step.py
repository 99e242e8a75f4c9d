# SPDX-License-Identifier: GPL-2.0-only
"""The table that the decoder follows: struct step, column_layout and class_layout of native/program.h."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

NOWHERE = 0xFFFF_FFFF
EVENT_ID_SLOT = 0
SLOTS = 64
MOST_IDS = 1 << 16
LARGEST_ALIGN = 4096

_STEP = struct.Struct("=8I2Q")
_COLUMN = struct.Struct("=3I")
_CLASS = struct.Struct("=5I")
_MASK = (1 << 64) - 1


class StepKind(IntEnum):
    END = 0
    JUMP = 1
    JUMP_IF = 2
    FAIL = 3
    ALIGN = 4
    NUMBER = 5
    CLOCK = 6
    TEXT = 7
    SIZED_TEXT = 8
    LIST = 9


@dataclass
class Step:
    """One step; `name` is of the field that it reads."""

    kind: StepKind
    name: str = ""
    is_signed: bool = False
    is_big_endian: bool = False
    size: int = 1
    align: int = 1
    column: int = NOWHERE
    slot: int = NOWHERE
    length: int = 0
    target: int = 0
    low: int = 0
    high: int = 0

    def packed(self) -> bytes:
        flags = self.is_signed | self.is_big_endian << 1
        numbers = (self.kind, flags, self.size, self.align, self.column, self.slot, self.length, self.target)
        return _STEP.pack(*numbers, self.low & _MASK, self.high & _MASK)


def packed_column(width: int, has_offsets: bool, has_rows: bool) -> bytes:
    """A column of elements of so many bytes."""
    return _COLUMN.pack(width, has_offsets, has_rows)


def packed_class(number: int, steps: tuple[int, int], columns: tuple[int, int]) -> bytes:
    """An event class: its id, its first step and the end of them, its first column and how many there are."""
    return _CLASS.pack(number, *steps, *columns)
