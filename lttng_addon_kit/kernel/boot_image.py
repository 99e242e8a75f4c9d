"""The BTF of a kernel: out of its compressed image, or as the running kernel shows it."""

from __future__ import annotations

import struct
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.btf import BTF_MAGIC
from lttng_addon_kit.kernel.compression import decompress
from lttng_addon_kit.kernel.elf import section

# The setup header of a bzImage: Documentation/arch/x86/boot.rst, protocol 2.08 and later.
_SETUP_SECTORS = 0x1F1
_HEADER_MAGIC = 0x202
_PAYLOAD_OFFSET = 0x248


def unpack_vmlinux(vmlinuz: bytes, what: str) -> bytes:
    """The kernel's ELF image in a bzImage (an ELF image is returned as it is).

    Args:
        what: what these bytes are, for the error.

    Raises:
        KitError: this is no kernel image for x86, or its compression is not known.
    """
    if vmlinuz.startswith(b"\x7fELF"):
        return vmlinuz
    if vmlinuz[_HEADER_MAGIC : _HEADER_MAGIC + 4] != b"HdrS":
        raise KitError(f"{what} is not a Linux kernel image for x86")
    setup_sectors = vmlinuz[_SETUP_SECTORS] or 4
    offset, length = struct.unpack_from("<II", vmlinuz, _PAYLOAD_OFFSET)
    begin = (setup_sectors + 1) * 512 + offset
    return decompress(vmlinuz[begin : begin + length], what)


def read_kernel_btf(image: bytes, path: Path) -> bytes:
    """The BTF in a kernel image's bytes; bytes that are BTF already (/sys/kernel/btf/vmlinux) as they are.

    Raises:
        KitError: there is none, or the image can't be unpacked.
    """
    if image.startswith(BTF_MAGIC):
        return image
    try:
        found = section(unpack_vmlinux(image, str(path)), ".BTF")
    except ValueError as error:
        raise KitError(f"{path} is damaged: {error}") from error
    if found is None:
        raise KitError(
            f"{path} was built without type information (BTF)",
            hint="a kernel built with CONFIG_DEBUG_INFO_BTF=y is needed, as Debian's are",
        )
    return found
