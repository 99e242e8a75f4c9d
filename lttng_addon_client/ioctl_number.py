# SPDX-License-Identifier: GPL-2.0-only
"""The numbers of commands: _IOC of include/uapi/asm-generic/ioctl.h, with the magic of lttng-addons-abi.h."""

from __future__ import annotations

_MAGIC = 0xE8
_DIRECTIONS = {"none": 0, "write": 1, "read": 2, "both": 3}


def ioctl_number(direction: str, number: int, size: int) -> int:
    """Return what ioctl() is called with for a command.

    Args:
        direction: "none", "read", "write" or "both", as user space sees it.
        size: that of the command's argument in bytes.
    """
    return _DIRECTIONS[direction] << 30 | size << 16 | _MAGIC << 8 | number
