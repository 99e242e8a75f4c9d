"""What reading and probing a kernel depends on beside the kernel itself: the processor that it is built for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Processor:
    """A 64-bit little-endian processor; the values are in target/architecture.py, one set an architecture.

    Attributes:
        unpack_image: the kernel's ELF image in a boot image's bytes; takes what these bytes are, for errors, and
            raises KitError where it finds none.
        register_arguments: how many arguments of a function are in registers (regs_get_kernel_argument()).
        register_size: the bytes of such a register.
    """

    unpack_image: Callable[[bytes, str], bytes]
    register_arguments: int
    register_size: int
