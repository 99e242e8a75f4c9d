"""The kernel in a bzImage, the boot image of PCs."""

from __future__ import annotations

import struct

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.compression import decompress

# The setup header of a bzImage, protocol 2.08 and later (Documentation/arch/*/boot.rst).
_SETUP_SECTORS = 0x1F1
_HEADER_MAGIC = 0x202
_PAYLOAD_OFFSET = 0x248


def unpack_bzimage(image: bytes, what: str) -> bytes:
    """The kernel's ELF image in a bzImage.

    Args:
        what: what these bytes are, for the error.

    Raises:
        KitError: this is no bzImage, or its compression is not known.
    """
    if image[_HEADER_MAGIC : _HEADER_MAGIC + 4] != b"HdrS":
        raise KitError(f"{what} is not a Linux kernel image (bzImage)")
    setup_sectors = image[_SETUP_SECTORS] or 4
    offset, length = struct.unpack_from("<II", image, _PAYLOAD_OFFSET)
    begin = (setup_sectors + 1) * 512 + offset
    return decompress(image[begin : begin + length], what)
