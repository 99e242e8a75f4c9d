"""The architectures that hosts, virtual machines and their kernels are of: all that differs between them is data.

A virtual machine has the architecture of its host. To add one: an entry here, beside it the reader of its boot image
(as kernel/bzimage.py), and the names of its packages in a distribution's file.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.bzimage import unpack_bzimage
from lttng_addon_kit.kernel.processor import Processor


@dataclass(frozen=True)
class Architecture:
    """One architecture.

    Attributes:
        name: as `uname -m` prints it.
        linux: the kernel's name for it: its folder below arch/.
        debian: Debian's name for it.
        processor: what reading and probing its kernels depends on.
        qemu: the program that emulates it.
        qemu_machine: QEMU's -machine.
        emulated_cpu: QEMU's -cpu where KVM does not work.
        console: the serial console's device.
    """

    name: str
    linux: str
    debian: str
    processor: Processor
    qemu: str
    qemu_machine: str
    emulated_cpu: str
    console: str


X86_64 = Architecture(
    name="x86_64",
    linux="x86",
    debian="amd64",
    # regs_get_kernel_argument() in arch/x86/include/asm/ptrace.h.
    processor=Processor(unpack_image=unpack_bzimage, register_arguments=6, register_size=8),
    qemu="qemu-system-x86_64",
    qemu_machine="pc",
    emulated_cpu="max",
    console="ttyS0",
)

ARCHITECTURES: Mapping[str, Architecture] = {each.name: each for each in (X86_64,)}


def host_architecture() -> Architecture:
    """The architecture of this host.

    Raises:
        KitError: the kit does not know it.
    """
    name = platform.machine()
    if name not in ARCHITECTURES:
        raise KitError(f"this host is {name}; the kit works on {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]
