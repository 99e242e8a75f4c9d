# SPDX-License-Identifier: GPL-2.0-only
"""A table of an addon as a mapping: what is written into it, the addon's probes read from then on."""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Callable, ItemsView, Iterator, MutableMapping, ValuesView
from typing import TypeAlias

from .abi_values import pack, unpack_struct
from .description import InterfaceError, TableInfo
from .ioctl_number import ioctl_number

# lttng-addons-abi.h; tests compare them with it.
ENTRY = struct.Struct("<IIQ")
READ_ENTRIES = struct.Struct("<IIQ")
SET_ENTRY = ioctl_number("write", 0x87, ENTRY.size)
GET_ENTRY = ioctl_number("write", 0x88, ENTRY.size)
DELETE_ENTRY = ioctl_number("write", 0x89, ENTRY.size)
READ_ALL_ENTRIES = ioctl_number("both", 0x8A, READ_ENTRIES.size)

Key: TypeAlias = int | str
Command: TypeAlias = Callable[[int, bytes, str], bytes]


class TableEntries(MutableMapping[Key, int]):
    """The entries of one table, in the kernel: an access is a command, so is `items()`.

    Args:
        index: the table's place among the addon's tables.
        command: sends a command (its request, its argument, what it is about) to the addon's device.

    Raises:
        KeyError: there is no such key.
        InterfaceError: a key or value does not fit its type, all `info.entries` are taken, or the kernel refuses.
    """

    def __init__(self, index: int, info: TableInfo, command: Command) -> None:
        self.info = info
        self._index = index
        self._command = command

    @property
    def has_text_keys(self) -> bool:
        """Whether keys are texts; else they are numbers."""
        return self.info.layout.members[0].type.startswith("char[")

    def __getitem__(self, key: Key) -> int:
        return self._unpacked(self._sent(GET_ENTRY, key, 0))[1]

    def __setitem__(self, key: Key, value: int) -> None:
        self._sent(SET_ENTRY, key, value)

    def __delitem__(self, key: Key) -> None:
        self._sent(DELETE_ENTRY, key, 0)

    def __iter__(self) -> Iterator[Key]:
        return (key for key, _ in self._read())

    def __len__(self) -> int:
        return len(self._read())

    def items(self) -> ItemsView[Key, int]:
        """All entries as they are at one moment."""
        return dict(self._read()).items()

    def values(self) -> ValuesView[int]:
        """All values as they are at one moment."""
        return dict(self._read()).values()

    def clear(self) -> None:
        """Delete every key that is there now."""
        for key in self:
            self.pop(key, None)

    def _read(self) -> list[tuple[Key, int]]:
        """All entries: one command."""
        size = self.info.layout.size
        buffer = ctypes.create_string_buffer(self.info.entries * size)
        argument = READ_ENTRIES.pack(self._index, self.info.entries, ctypes.addressof(buffer))
        _, count, _ = READ_ENTRIES.unpack(self._command(READ_ALL_ENTRIES, argument, self.info.name))
        raw = buffer.raw[: count * size]
        return [self._unpacked(raw[at : at + size]) for at in range(0, len(raw), size)]

    def _sent(self, request: int, key: Key, value: int) -> bytes:
        """Send a command about one entry; return the entry as the kernel left it."""
        buffer = ctypes.create_string_buffer(self._packed(key, value), self.info.layout.size)
        argument = ENTRY.pack(self._index, 0, ctypes.addressof(buffer))
        try:
            self._command(request, argument, f"{self.info.name}[{key!r}]")
        except InterfaceError as error:
            raise self._explained(error, key) from None
        return buffer.raw

    def _explained(self, error: InterfaceError, key: Key) -> Exception:
        number = error.__cause__.errno if isinstance(error.__cause__, OSError) else None
        if number == errno.ENOENT:
            return KeyError(key)
        if number == errno.ENOSPC:
            return InterfaceError(f"{error.message}: {self.info.entries} entries are there", "raise entries")
        return error

    def _packed(self, key: Key, value: int) -> bytes:
        key_member, value_member = self.info.layout.members
        raw = bytearray(self.info.layout.size)
        for member, each in ((key_member, key), (value_member, value)):
            data = pack(member.type, each, {})
            raw[member.offset : member.offset + len(data)] = data
        return bytes(raw)

    def _unpacked(self, raw: bytes) -> tuple[Key, int]:
        entry = unpack_struct(self.info.layout, raw, {})
        return entry["key"], entry["value"]
