# SPDX-License-Identifier: GPL-2.0-only
"""What an architecture is: all that differs between them is data."""

from __future__ import annotations

from dataclasses import dataclass

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
