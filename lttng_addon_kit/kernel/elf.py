"""Finds one section of an ELF file (the gABI's 64-bit little-endian layout).

A kernel has a thousand modules, each opened once: this reads nothing but the section headers.
"""

from __future__ import annotations

import struct

ELF_MAGIC = b"\x7fELF"

_SECTION = struct.Struct("<IIQQQQIIQQ")  # Elf64_Shdr


def section(elf: bytes, name: str) -> bytes | None:
    """The content of the section of that name, or None where there is none.

    Raises:
        ValueError: this is no 64-bit little-endian ELF file, or a part of it is missing.
    """
    if elf[:6] != ELF_MAGIC + b"\x02\x01":
        raise ValueError("not a 64-bit little-endian ELF file")
    try:
        return _find(elf, name.encode())
    except (struct.error, IndexError):
        raise ValueError("an ELF file that ends too early") from None


def _find(elf: bytes, name: bytes) -> bytes | None:
    (table,) = struct.unpack_from("<Q", elf, 0x28)  # e_shoff
    entry_size, count, names_index = struct.unpack_from("<HHH", elf, 0x3A)  # e_shentsize, e_shnum, e_shstrndx
    headers = [_SECTION.unpack_from(elf, table + entry_size * index) for index in range(count)]
    names_at = headers[names_index][4]
    wanted = name + b"\0"
    for name_offset, _type, _flags, _address, offset, size, *_ in headers:
        if elf.startswith(wanted, names_at + name_offset):
            return elf[offset : offset + size]
    return None
