# SPDX-License-Identifier: GPL-2.0-only
"""Saves lists that only a running kernel can give: its symbols, and which functions can be probed and traced."""

from __future__ import annotations

from pathlib import Path

from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.root_folder import root_folder

# Addresses are left out: they differ from boot to boot, and no use of the kit needs them.
_LISTS = {
    "symbols": "awk '{ $1 = \"\"; print substr($0, 2) }' /proc/kallsyms",
    "kprobe_blacklist": "awk '{ print $NF }' /sys/kernel/debug/kprobes/blacklist",
    "traceable": "cat /sys/kernel/tracing/available_filter_functions",
}


def save_kernel_lists(machine: Machine, folder: Path) -> None:
    """Save the lists of a machine's kernel in a new folder: `symbols`, `kprobe_blacklist`, `traceable`."""
    with root_folder(machine) as own:
        there = f"{own}/kernel"
        machine.run("mkdir", there)
        for name, command in _LISTS.items():
            machine.run("sh", "-c", f"{command} > {there}/{name}")
        machine.get(there, folder)
        machine.run("rm", "-r", there)
