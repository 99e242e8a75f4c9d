# SPDX-License-Identifier: GPL-2.0-only
"""An addon's device: commands, parameters, aggregates, records."""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from . import abi_values
from .description import AggregateInfo, CommandInfo, Description, InterfaceError, parse
from .ioctl_number import ioctl_number
from .mapped_parameters import MappedParameters
from .mapping import Mapping
from .table_entries import TableEntries

ABI_VERSION = 3
FOLDER = Path("/dev/lttng-addons")
# lttng-addons-abi.h; tests compare them with it.
VERSION = struct.Struct("<IIQQ")
DESCRIBE = struct.Struct("<QII")
PARAMETER = struct.Struct("<64s1024s")
READ = struct.Struct("<IIQQ")
READ_HITS = struct.Struct("<IIQQQQ")
GET_VERSION = ioctl_number("read", 0x80, VERSION.size)
GET_DESCRIPTION = ioctl_number("both", 0x81, DESCRIBE.size)
GET_PARAMETER = ioctl_number("both", 0x82, PARAMETER.size)
SET_PARAMETER = ioctl_number("write", 0x83, PARAMETER.size)
READ_AGGREGATE = ioctl_number("both", 0x84, READ.size)
READ_HITS_OF = ioctl_number("both", 0x85, READ_HITS.size)
RESET = ioctl_number("none", 0x86, 0)


@dataclass(frozen=True)
class Batch:
    """One CPU's new records: bytes in the ring's layout, and how many were overwritten before they were read."""

    cpu: int
    data: bytes
    lost: int


class Interface:
    """An addon that is loaded here. While it is open, the addon collects.

    Attributes:
        description: what it has.
        lost: how many records were overwritten before `records()`, `arrays()` or `batches()` read them.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        version, size, digest, map_size = VERSION.unpack(self._ioctl(GET_VERSION, bytes(VERSION.size)))
        if version != ABI_VERSION:
            raise InterfaceError(f"the addon's ABI is version {version}, this program's {ABI_VERSION}")
        text = ctypes.create_string_buffer(size)
        self._ioctl(GET_DESCRIPTION, DESCRIBE.pack(ctypes.addressof(text), size, 0))
        self.description: Description = parse(text.raw.decode())
        self.lost = 0
        self._parameters: MappedParameters | None = None
        self._mapping = Mapping(file, map_size, digest)
        self._next = [self._mapping.head(cpu) for cpu in range(self._mapping.layout.cpus)] if self._has_ring else []

    @classmethod
    def open(cls, name: str) -> Interface:
        """The interface of the addon with that name.

        Raises:
            InterfaceError: its module is not loaded, or one may not.
        """
        try:
            file = os.open(FOLDER / name, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise InterfaceError(f"{FOLDER / name} does not exist", f"load lttng-addon-{name}.ko") from None
        except PermissionError:
            raise InterfaceError(f"no permission to open {FOLDER / name}", "be root") from None
        try:
            return cls(file)
        except BaseException:
            os.close(file)
            raise

    def __enter__(self) -> Interface:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the device; the addon stops collecting unless another process has it open."""
        if self._parameters:
            self._parameters.close()
        self._mapping.close()
        os.close(self._file)

    def fileno(self) -> int:
        """The device's descriptor, for select and its like: readable when there are new records."""
        return self._file

    # Commands and parameters

    def command(self, name: str, argument: Any = None) -> Any:
        """Send one of the addon's own commands.

        Args:
            argument: what the command takes (`write`, `both`): a number, a text, a dict for a struct.

        Returns:
            What it gives (`read`, `both`), else None.

        Raises:
            InterfaceError: no such command, an argument that doesn't fit, or the kernel refuses.
        """
        info = self.description.commands.get(name)
        if info is None:
            known = ", ".join(self.description.commands) or "none"
            raise InterfaceError(f"{self.description.name} has no command {name!r}", f"it has: {known}")
        structs = self.description.structs
        given = self._ioctl(info.request, self._argument(info, argument), f"{name}")
        return (
            abi_values.unpack(info.type, given, structs) if info.direction in ("read", "both") and info.type else None
        )

    def _argument(self, info: CommandInfo, argument: Any) -> bytes:
        if info.type is None:
            return b""
        if info.direction == "read":
            return bytes(abi_values.size_of(info.type, self.description.structs))
        return abi_values.pack(info.type, argument, self.description.structs)

    def parameter(self, name: str) -> str | int | bool:
        """A module parameter's value."""
        kind = self._parameter_kind(name)
        given = self._ioctl(GET_PARAMETER, PARAMETER.pack(name.encode(), b""), name)
        text = PARAMETER.unpack(given)[1].split(b"\0", 1)[0].decode()
        return int(text) if kind == "integer" else text == "Y" if kind == "boolean" else text

    def set_parameter(self, name: str, value: str | int | bool) -> None:
        """Change a module parameter."""
        self._parameter_kind(name)
        text = str(int(value)) if isinstance(value, bool) else str(value)
        self._ioctl(SET_PARAMETER, PARAMETER.pack(name.encode(), text.encode()), f"{name} = {text!r}")

    def _parameter_kind(self, name: str) -> str:
        if name not in self.description.parameters:
            known = ", ".join(self.description.parameters) or "none"
            raise InterfaceError(f"{self.description.name} has no parameter {name!r}", f"it has: {known}")
        return self.description.parameters[name]

    @property
    def mapped_parameters(self) -> MappedParameters:
        """The parameters that can be mapped, in memory: `addon.mapped_parameters["threshold"] = 5_000_000`."""
        if self.description.mapped is None:
            raise InterfaceError(f"{self.description.name} has no parameter that is mapped", "mapped = true")
        if self._parameters is None:
            self._parameters = MappedParameters(self._file, self.description.mapped)
        return self._parameters

    # Tables

    def table(self, name: str) -> TableEntries:
        """A table's entries, to be read and changed: `addon.table("watched")[pid] = 5_000_000`."""
        for index, info in enumerate(self.description.tables):
            if info.name == name:
                return TableEntries(index, info, self._ioctl)
        known = ", ".join(info.name for info in self.description.tables) or "none"
        raise InterfaceError(f"{self.description.name} has no table {name!r}", f"it has: {known}")

    def tables(self) -> list[TableEntries]:
        """All of them."""
        return [self.table(info.name) for info in self.description.tables]

    # What was collected

    def aggregate(self, name: str) -> abi_values.AggregateReading:
        """An aggregate, read from the shared memory: no system call."""
        index, info = self._find_aggregate(name)
        rows, overflow = self._mapping.rows(index, info)
        return abi_values.AggregateReading(info, abi_values.merge(rows, info), overflow)

    def aggregates(self) -> list[abi_values.AggregateReading]:
        """All of them."""
        return [self.aggregate(info.name) for info in self.description.aggregates]

    def read_aggregate(self, name: str) -> abi_values.AggregateReading:
        """An aggregate, added up by the kernel: one command."""
        index, info = self._find_aggregate(name)
        table = self._mapping.table(index)
        room = table.cells * self._mapping.layout.cpus
        buffer = ctypes.create_string_buffer(room * table.cell.cell_size)
        given = self._ioctl(READ_AGGREGATE, READ.pack(index, room, ctypes.addressof(buffer), 0), name)
        _, cells, _, overflow = READ.unpack(given)
        size = table.cell.cell_size
        raw = buffer.raw[: cells * size]
        rows = [abi_values.unpack_cell(raw[at : at + size], info, table.cell) for at in range(0, len(raw), size)]
        return abi_values.AggregateReading(info, abi_values.merge([row for row in rows if row], info), overflow)

    def hits(self) -> dict[str, abi_values.Hits]:
        """What became of each hook's hits, by the hook's name."""
        return {name: self._mapping.hits(index) for index, name in enumerate(self.description.hooks)}

    def read_hits(self, hook: str) -> abi_values.Hits:
        """The same of one hook, added up by the kernel."""
        index = self.description.hooks.index(hook)
        return abi_values.Hits(*READ_HITS.unpack(self._ioctl(READ_HITS_OF, READ_HITS.pack(index, 0, 0, 0, 0, 0)))[2:])

    def reset(self) -> None:
        """All aggregates and hits to 0."""
        self._ioctl(RESET, b"")

    # Records

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for new records; return whether there are some."""
        poll = select.poll()
        poll.register(self._file, select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))

    def batches(self) -> Iterator[Batch]:
        """What every CPU has written since the last time; each record is whole, overwritten ones are counted."""
        if not self._has_ring:
            raise InterfaceError(f"{self.description.name} has no records")
        mapping = self._mapping
        for cpu in range(mapping.layout.cpus):
            begin, head = self._next[cpu], mapping.head(cpu)
            kept = max(begin, head - mapping.layout.records)
            data = mapping.records(cpu, kept, head)
            # What the writer has come round to meanwhile may be torn.
            whole = min(max(kept, mapping.head(cpu) - mapping.layout.records + 1), head)
            data = data[(whole - kept) * mapping.layout.record_size :]
            self._next[cpu] = head
            self.lost += whole - begin
            if data or whole > begin:
                yield Batch(cpu, data, whole - begin)

    def records(self) -> Iterator[dict[str, Any]]:
        """The new records of all CPUs as dicts, CPU by CPU; `cpu` is among their keys."""
        for batch in self.batches():
            layout = self.description.record
            assert layout is not None
            for at in range(0, len(batch.data), layout.size):
                fields = abi_values.unpack_struct(layout, batch.data[at : at + layout.size], {})
                yield {"cpu": batch.cpu, **fields}

    def arrays(self) -> Iterator[Any]:
        """The new records of each CPU as a numpy structured array (a copy, made without a system call)."""
        numpy, dtype = self._numpy()
        for batch in self.batches():
            yield numpy.frombuffer(batch.data, dtype=dtype)

    def ring(self, cpu: int) -> Any:
        """A CPU's whole ring as a numpy structured array: the mapping itself, nothing is copied.

        Record number N is at N % len(ring); `head(cpu)` before and after tells which ones were whole.
        """
        numpy, dtype = self._numpy()
        layout = self._mapping.layout
        return numpy.frombuffer(self._mapping.memory, dtype, layout.records, self._mapping.first_record(cpu))

    def head(self, cpu: int) -> int:
        """How many records a CPU has written."""
        return self._mapping.head(cpu)

    @property
    def cpus(self) -> int:
        """How many CPUs the machine can have."""
        return self._mapping.layout.cpus

    @property
    def _has_ring(self) -> bool:
        return self._mapping.layout.ring_offset != 0

    def _numpy(self) -> tuple[Any, Any]:
        if self.description.record is None:
            raise InterfaceError(f"{self.description.name} has no records")
        try:
            import numpy
        except ImportError:
            raise InterfaceError("numpy is not installed", "apt install python3-numpy, or use records()") from None
        members = self.description.record.members
        return numpy, numpy.dtype(
            {
                "names": [member.name for member in members],
                "formats": [abi_values.numpy_format(member.type) for member in members],
                "offsets": [member.offset for member in members],
                "itemsize": self.description.record.size,
            }
        )

    def _find_aggregate(self, name: str) -> tuple[int, AggregateInfo]:
        for index, info in enumerate(self.description.aggregates):
            if info.name == name:
                return index, info
        known = ", ".join(info.name for info in self.description.aggregates) or "none"
        raise InterfaceError(f"{self.description.name} has no aggregate {name!r}", f"it has: {known}")

    def _ioctl(self, request: int, argument: bytes, about: str = "") -> bytes:
        buffer = bytearray(argument)
        try:
            fcntl.ioctl(self._file, request, buffer)
        except OSError as problem:
            raise InterfaceError(f"{about}: {problem.strerror}" if about else str(problem.strerror)) from problem
        return bytes(buffer)
