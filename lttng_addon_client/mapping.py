# SPDX-License-Identifier: GPL-2.0-only
"""The memory that an addon shares, read without a lock (layout: lttng-addons-abi.h).

The order of the reads matters and is that of the processor: x86-64 does not reorder loads.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass

from .abi_values import CELL, CellLayout, Hits, Row, unpack_cell
from .description import AggregateInfo, InterfaceError

MAGIC = 0x4B41544C
_MAP = struct.Struct("<IIQQQQIIIIIIII")
_TABLE = struct.Struct("<IIIIII")
_HITS = struct.Struct("<QQQQ")
_U64 = struct.Struct("<Q")
_RING_HEADER = 64
# A writer is in a cell for well under a microsecond.
_MOST_TRIES = 1_000_000


@dataclass(frozen=True)
class MapLayout:
    """struct lttng_addons_map; offsets and sizes in bytes."""

    magic: int
    version: int
    digest: int
    size: int
    cpus_offset: int
    cpu_size: int
    cpus: int
    hooks: int
    aggregates: int
    tables_offset: int
    hits_offset: int
    ring_offset: int
    records: int
    record_size: int


@dataclass(frozen=True)
class TableLayout:
    """struct lttng_addons_table."""

    overflow_offset: int
    cells_offset: int
    cells: int
    cell: CellLayout


@dataclass(frozen=True)
class Overflow:
    """What found no room, on all CPUs: how many values, and the most that a key of a `top` had that gave way."""

    count: int
    max: int


class Mapping:
    """An addon's shared memory.

    Args:
        file: a descriptor of the addon's device.
        size: of the mapping, in bytes.
        digest: of the description that goes with it.

    Raises:
        InterfaceError: it is not what the description says.
    """

    def __init__(self, file: int, size: int, digest: int) -> None:
        self.memory = mmap.mmap(file, size, mmap.MAP_SHARED, mmap.PROT_READ)
        self.layout = MapLayout(*_MAP.unpack_from(self.memory))
        if (self.layout.magic, self.layout.digest, self.layout.size) != (MAGIC, digest, size):
            raise InterfaceError("the device's memory is not laid out as its description says")

    def close(self) -> None:
        self.memory.close()

    def part(self, cpu: int) -> int:
        """Where a CPU's part begins."""
        return self.layout.cpus_offset + cpu * self.layout.cpu_size

    def table(self, index: int) -> TableLayout:
        """Where an aggregate's cells are."""
        at = self.layout.tables_offset + index * _TABLE.size
        overflow_offset, cells_offset, cells, *sizes = _TABLE.unpack_from(self.memory, at)
        return TableLayout(overflow_offset, cells_offset, cells, CellLayout(*sizes))

    def rows(self, index: int, info: AggregateInfo) -> tuple[list[Row], Overflow]:
        """An aggregate's rows of all CPUs, not merged, and the overflow."""
        table = self.table(index)
        size = table.cell.cell_size
        rows, overflow = [], Overflow(0, 0)
        for cpu in range(self.layout.cpus):
            _, count, _, _, _, most = CELL.unpack_from(self.memory, self.part(cpu) + table.overflow_offset)
            overflow = Overflow(overflow.count + count, overflow.max + most)
            first = self.part(cpu) + table.cells_offset
            for at in range(first, first + table.cells * size, size):
                # A free cell's count is 0; most are, and need no copy.
                if self._u64(at + _U64.size) and (row := unpack_cell(self._cell(at, size), info, table.cell)):
                    rows.append(row)
        return rows, overflow

    def hits(self, hook: int) -> Hits:
        """A hook's hits, of all CPUs."""
        each = [
            _HITS.unpack_from(self.memory, self.part(cpu) + self.layout.hits_offset + hook * _HITS.size)
            for cpu in range(self.layout.cpus)
        ]
        return Hits(*(sum(values) for values in zip(*each, strict=True)))

    def head(self, cpu: int) -> int:
        """How many records a CPU has written."""
        return self._u64(self.part(cpu) + self.layout.ring_offset)

    def first_record(self, cpu: int) -> int:
        """Where a CPU's ring begins."""
        return self.part(cpu) + self.layout.ring_offset + _RING_HEADER

    def records(self, cpu: int, begin: int, end: int) -> bytes:
        """A copy of the records with the numbers from `begin` on, below `end`."""
        size, count = self.layout.record_size, self.layout.records
        first = self.first_record(cpu)
        here, there = begin & (count - 1), end & (count - 1)
        if begin == end:
            return b""
        if here < there:
            return self.memory[first + here * size : first + there * size]
        return self.memory[first + here * size : first + count * size] + self.memory[first : first + there * size]

    def _u64(self, at: int) -> int:
        return int(_U64.unpack_from(self.memory, at)[0])

    def _cell(self, at: int, size: int) -> bytes:
        """A cell as it was between two writes."""
        for _ in range(_MOST_TRIES):
            before = self._u64(at)
            data = self.memory[at : at + size]
            if not before & 1 and before == self._u64(at):
                return data
        raise InterfaceError("a cell is always being written: the memory is damaged")
