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
        system_call_numbers: the header that gives each system call its number.
        system_call_table: the header that says which function each number is for.
        system_call_prefix: what the names of those functions begin with, but for calls without arguments.
        system_call_registers: the members of struct pt_regs that have a system call's arguments, in order.
    """

    unpack_image: Callable[[bytes, str], bytes]
    register_arguments: int
    register_size: int
    largest_in_registers: int
    first_stack_word: int
    system_call_numbers: str
    system_call_table: str
    system_call_prefix: str
    system_call_registers: tuple[str, ...]
