# SPDX-License-Identifier: GPL-2.0-only
"""What reading and probing a kernel depends on beside the kernel itself: the processor that it is built for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Processor:
    """A 64-bit little-endian processor; the values are in target/architecture/, one set an architecture.

    Attributes:
        unpack_image: the kernel's ELF image in a boot image's bytes; takes what these bytes are, for errors, and
            raises KitError where it finds none.
        register_arguments: how many arguments of a function are in registers (regs_get_kernel_argument()).
        register_size: the bytes of such a register, and of a word of the stack.
        largest_in_registers: how many registers a struct that is passed by value has at most; larger ones are on the
            stack.
        first_stack_word: which word of the stack has the first argument that is there, when a function begins
            (regs_get_kernel_stack_nth()).
    """

    unpack_image: Callable[[bytes, str], bytes]
    register_arguments: int
    register_size: int
    largest_in_registers: int
    first_stack_word: int
