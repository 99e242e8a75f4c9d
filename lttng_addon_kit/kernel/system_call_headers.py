# SPDX-License-Identifier: GPL-2.0-only
"""The system calls of a kernel for programs of its own word size, as its headers have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.kernel.processor import Processor

# `#define __NR_openat 257`, in the header for programs that syscallhdr.sh writes.
_NUMBER = re.compile(r"^#define __NR_(\w+) (\d+)$", re.MULTILINE)
# `__SYSCALL(257, sys_openat)`, in the kernel's own that syscalltbl.sh writes.
_ENTRY = re.compile(r"^__SYSCALL\w*\((\d+), sys_(\w+)", re.MULTILINE)
_PROTOTYPE = re.compile(r"\basmlinkage\s+\w+\s+sys_(\w+)\s*\(([^(){};]*)\)\s*;")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What declares them; of one that is declared for several processors, the last is for most.
_DECLARING = ("linux/syscalls.h", "asm-generic/syscalls.h", "asm/syscalls.h")
_NOT_THERE = "ni_syscall"


@dataclass(frozen=True)
class SystemCall:
    """A system call.

    Attributes:
        name: as programs have it: "stat".
        function: what the kernel calls it, behind "sys_": "newstat".
        arguments: its arguments in C, "" for none; None: no header declares it.
    """

    name: str
    function: str
    arguments: str | None


def read_system_calls(folders: Sequence[Path], processor: Processor) -> Iterator[SystemCall]:
    """The system calls that a kernel has, from its include folders."""
    functions = dict(_ENTRY.findall(_text(folders, processor.system_call_table)))
    prototypes = {
        name: arguments
        for header in _DECLARING
        for name, arguments in _PROTOTYPE.findall(_COMMENT.sub(" ", _text(folders, header)))
    }
    for name, number in _NUMBER.findall(_text(folders, processor.system_call_numbers)):
        function = functions.get(number, _NOT_THERE)
        if function != _NOT_THERE:
            arguments = prototypes.get(function)
            yield SystemCall(name, function, None if arguments is None else " ".join(arguments.split()))


def _text(folders: Sequence[Path], header: str) -> str:
    """A header, of the first folder that has it; "" where there is none."""
    paths = (folder / header for folder in folders)
    return next((path.read_text(encoding="utf-8") for path in paths if path.is_file()), "")
