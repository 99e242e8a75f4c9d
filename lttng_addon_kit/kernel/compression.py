"""Decompresses what the kernel's build compresses, images and modules, by their first bytes."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Mapping

import lz4.block
import zstandard

from lttng_addon_kit.errors import KitError

# The build writes lz4's legacy format: after the magic, blocks of at most 8 MiB, each after its length.
_LZ4_BLOCK = 8 << 20


def decompress(data: bytes, what: str) -> bytes:
    """The bytes behind any compression of the kernel's build but lzo; bytes of an ELF file as they are.

    What follows the compressed stream (the build appends the size) is ignored.

    Args:
        what: what these bytes are, for the error.

    Raises:
        KitError: the bytes are damaged, or of no known format.
    """
    for magic, expand in _FORMATS.items():
        if data.startswith(magic):
            try:
                return expand(data)
            except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error, struct.error) as error:
                raise KitError(f"{what} is damaged: {error}") from error
            except (lz4.block.LZ4BlockError, zstandard.ZstdError) as error:
                raise KitError(f"{what} is damaged: {error}") from error
    raise KitError(
        f"{what} is compressed in an unknown format (first bytes: {data[:6].hex(' ')})",
        hint="known formats are gzip, bzip2, xz, lzma, lz4 and zstd",
    )


def _lz4_legacy(data: bytes) -> bytes:
    blocks = []
    at = 4
    while len(data) - at > 4:
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
        blocks.append(lz4.block.decompress(data[at : at + length], uncompressed_size=_LZ4_BLOCK))
        at += length
    return b"".join(blocks)


_FORMATS: Mapping[bytes, Callable[[bytes], bytes]] = {
    b"\x7fELF": lambda data: data,
    b"\x1f\x8b": lambda data: zlib.decompressobj(wbits=31).decompress(data),
    b"BZh": lambda data: bz2.BZ2Decompressor().decompress(data),
    b"\xfd7zXZ\x00": lambda data: lzma.LZMADecompressor().decompress(data),
    b"\x5d\x00\x00": lambda data: lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(data),
    b"\x02\x21\x4c\x18": _lz4_legacy,
    b"\x28\xb5\x2f\xfd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
