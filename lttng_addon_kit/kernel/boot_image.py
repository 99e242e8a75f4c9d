"""The BTF of a kernel: out of its boot image, or as the running kernel shows it."""

from __future__ import annotations

from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.btf import BTF_MAGIC
from lttng_addon_kit.kernel.elf import ELF_MAGIC, section
from lttng_addon_kit.kernel.processor import Processor


def read_kernel_btf(image: bytes, path: Path, processor: Processor) -> bytes:
    """The BTF in a kernel image's bytes; bytes that are BTF already (/sys/kernel/btf/vmlinux) as they are.

    Raises:
        KitError: there is none, or the image can't be unpacked.
    """
    if image.startswith(BTF_MAGIC):
        return image
    elf = image if image.startswith(ELF_MAGIC) else processor.unpack_image(image, str(path))
    try:
        found = section(elf, ".BTF")
    except ValueError as error:
        raise KitError(f"{path} is damaged: {error}") from error
    if found is None:
        raise KitError(
            f"{path} was built without type information (BTF)",
            hint="use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of most distributions are",
        )
    return found
