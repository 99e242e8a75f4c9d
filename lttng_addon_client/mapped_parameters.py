# SPDX-License-Identifier: GPL-2.0-only
"""Parameters in memory that an addon's probes read: changed without a system call."""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator, Mapping
from typing import Any

from .abi_values import pack, size_of
from .description import InterfaceError, StructLayout

# lttng-addons-abi.h; a test compares them.
PARAMETERS_OFFSET = 1 << 40
_CELLS: dict[str, Any] = {"s64": ctypes.c_int64, "bool": ctypes.c_uint8}


class MappedParameters(Mapping[str, int | bool]):
    """The parameters that can be mapped, by name: `parameters["threshold"] = 5_000_000`.

    Each is read and written by one instruction, so that neither side sees a part of a value.

    Args:
        file: a descriptor of the addon's device, opened for reading and writing.
        layout: what the addon's description says of them.

    Raises:
        InterfaceError: there is no such parameter, or a value does not fit it.
    """

    def __init__(self, file: int, layout: StructLayout) -> None:
        access = mmap.PROT_READ | mmap.PROT_WRITE
        self._memory = mmap.mmap(file, layout.size, mmap.MAP_SHARED, access, offset=PARAMETERS_OFFSET)
        self._types = {member.name: member.type for member in layout.members}
        # ctypes stores a whole number at once; struct's pack_into() may store it byte by byte.
        self._cells = {
            member.name: _CELLS[member.type].from_buffer(self._memory, member.offset) for member in layout.members
        }

    def __getitem__(self, name: str) -> int | bool:
        value = self._cell(name).value
        return bool(value) if self._types[name] == "bool" else int(value)

    def __setitem__(self, name: str, value: int | bool) -> None:
        cell = self._cell(name)
        data = pack(self._types[name], value, {})
        cell.value = int.from_bytes(data, "little", signed=size_of(self._types[name], {}) > 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def close(self) -> None:
        """Unmap them."""
        self._cells.clear()
        self._memory.close()

    def _cell(self, name: str) -> Any:
        if name not in self._cells:
            known = ", ".join(self._cells) or "none"
            raise InterfaceError(f"no parameter {name!r} is mapped", f"these are: {known}")
        return self._cells[name]
