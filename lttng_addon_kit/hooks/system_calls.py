# SPDX-License-Identifier: GPL-2.0-only
"""Arguments of system calls: which of them can only lead to user space, though a kernel built by gcc doesn't say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lttng_addon_kit.kernel.types import (
    USER_MODE,
    USER_SPACE,
    USER_VALUE,
    Argument,
    Pointer,
    Struct,
    Type,
    strip,
    tagged,
)

# TP_PROTO(struct pt_regs *regs, ...) in include/trace/events/syscalls.h: they are those of the process.
_TRACEPOINTS = frozenset({"sys_enter", "sys_exit"})
# What SYSCALL_DEFINEx() makes of one system call: include/linux/syscalls.h, an architecture's asm/syscall_wrapper.h.
_WRAPPER = re.compile(r"__[a-z0-9]+_(compat_)?sys_\w+")


def tracepoint_arguments(name: str, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """A tracepoint's arguments, their types telling what leads to user space."""
    return from_user(arguments) if name in _TRACEPOINTS else tuple(arguments)


def function_arguments(name: str, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """A function's arguments, their types telling what leads to user space."""
    return from_user(arguments) if _WRAPPER.fullmatch(name) else tuple(arguments)


def from_user(arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    """Arguments that a program gives, their types telling so."""
    return tuple(replace(each, type=_marked_type(each.type)) for each in arguments)


def _marked_type(type_: Type) -> Type:
    plain = strip(type_)
    if not isinstance(plain, Pointer):
        return tagged(type_, USER_VALUE)
    target = strip(plain.target)
    is_registers = isinstance(target, Struct) and target.name == "pt_regs"
    return Pointer(tagged(plain.target, USER_MODE if is_registers else USER_SPACE))
