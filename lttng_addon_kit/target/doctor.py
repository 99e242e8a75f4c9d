# SPDX-License-Identifier: GPL-2.0-only
"""Examines whether this host has what the kit needs, and finds the command that provides it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import find_program
from lttng_addon_kit.target.architecture.architectures import host_architecture
from lttng_addon_kit.target.programs import needed_programs
from lttng_addon_kit.target.registry import list_targets
from lttng_addon_kit.target.releases import HOST_DISTRIBUTION, RELEASES
from lttng_addon_kit.target.vm.kvm import remembered_kvm

# What the kit itself runs or imports beside what a virtual machine needs.
_MORE_PROGRAMS = ("bpftool", "babeltrace2")

# A root, its image and a snapshot take about 2 GB; three of them, recordings and builds beside.
_ENOUGH_BYTES = 6_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was examined.

    Attributes:
        what: its name.
        ok: whether the kit can work with it as it is.
        detail: how it is.
        fix: the command that provides or repairs it; "" where none is needed.
    """

    what: str
    ok: bool
    detail: str
    fix: str = ""


def doctor(cache: Path) -> list[Finding]:
    """Examine programs, Python modules, rights, KVM, the cache and the targets; change nothing.

    Args:
        cache: the folder of everything that can be created again.
    """
    return [*_programs(), _babeltrace(), *_rights(), _kvm(cache), _room(cache), *_targets(cache)]


def _programs() -> Iterator[Finding]:
    needed = (needed_programs(each.distribution, host_architecture()) for each in RELEASES.values())
    for name in dict.fromkeys((*chain.from_iterable(needed), *_MORE_PROGRAMS)):
        path = find_program(name)
        if path:
            yield Finding(name, True, str(path))
        else:
            yield Finding(name, False, "not installed", HOST_DISTRIBUTION.install_command(name))


def _babeltrace() -> Finding:
    """Examine babeltrace2's Python module, which the distribution has for its own Python only."""
    what = "Python module bt2"
    if find_spec("bt2"):
        return Finding(what, True, "can be imported")
    fix = f"{HOST_DISTRIBUTION.install_command('bt2')}; then /usr/bin/python3 -m venv --system-site-packages"
    return Finding(what, False, "can't be imported by this Python", fix)


def _rights() -> Iterator[Finding]:
    """Examine the rights of an ordinary user, who creates a root in a user namespace with a range of user ids."""
    if os.geteuid() == 0:
        return
    if not find_program("newuidmap"):
        yield Finding("newuidmap", False, "not installed", HOST_DISTRIBUTION.install_command("newuidmap"))
    user = os.environ.get("USER", str(os.geteuid()))
    ranges = Path("/etc/subuid").read_text().splitlines() if Path("/etc/subuid").exists() else []
    if any(line.split(":")[0] in (user, str(os.geteuid())) for line in ranges):
        yield Finding("user ids for a namespace", True, "in /etc/subuid")
    else:
        fix = f"sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}"
        yield Finding("user ids for a namespace", False, f"/etc/subuid has none for {user}", fix)


def _kvm(cache: Path) -> Finding:
    """Examine KVM, without which all works, more slowly: never a failure."""
    try:
        known = remembered_kvm(cache, host_architecture())
    except KitError as error:  # no QEMU, which has a finding of its own
        return Finding("KVM", True, error.message)
    if known is None:
        return Finding("KVM", True, "not tested yet; the first virtual machine does")
    if known.works:
        return Finding("KVM", True, known.reason)
    return Finding("KVM", True, f"{known.reason}; the processor is emulated")


def _room(cache: Path) -> Finding:
    there = next(each for each in (cache, *cache.absolute().parents) if each.exists())
    if not os.access(there, os.W_OK):
        return Finding("cache", False, f"{cache} can't be written", f"sudo chown -R {os.geteuid()} {there}")
    free = shutil.disk_usage(there).free
    detail = f"{cache}, {free / 1e9:.0f} GB free"
    return Finding("cache", free >= _ENOUGH_BYTES, detail, f"df -h {there}" if free < _ENOUGH_BYTES else "")


def _targets(cache: Path) -> Iterator[Finding]:
    for target in list_targets(cache):
        detail = "ready" if target.exists() else "created on first use"
        yield Finding(f"target {target.name}", True, detail)
