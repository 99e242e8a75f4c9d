# SPDX-License-Identifier: GPL-2.0-only
"""x86-64, 64-bit PCs."""

from __future__ import annotations

from lttng_addon_kit.kernel.bzimage import unpack_bzimage
from lttng_addon_kit.kernel.processor import Processor
from lttng_addon_kit.target.architecture.architecture import Architecture

ARCHITECTURE = Architecture(
    name="x86_64",
    linux="x86",
    debian="amd64",
    # regs_get_kernel_argument() in arch/x86/include/asm/ptrace.h.
    # System V's ABI for AMD64, 3.2.3: structs of two words are in registers; the return address is the stack's word 0.
    processor=Processor(
        unpack_image=unpack_bzimage,
        register_arguments=6,
        register_size=8,
        largest_in_registers=2,
        first_stack_word=1,
        system_call_numbers="asm/unistd_64.h",
        system_call_table="asm/syscalls_64.h",
        # SC_X86_64_REGS_TO_ARGS() in arch/x86/include/asm/syscall_wrapper.h.
        system_call_prefix="__x64_sys_",
        system_call_registers=("di", "si", "dx", "r10", "r8", "r9"),
    ),
    qemu="qemu-system-x86_64",
    qemu_machine="pc",
    emulated_cpu="max",
    console="ttyS0",
)
