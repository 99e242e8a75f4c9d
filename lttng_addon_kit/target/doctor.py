"""What this host lacks for the kit to work, and the command that mends it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import find_program, install_command
from lttng_addon_kit.target.registry import list_targets
from lttng_addon_kit.target.vm.kvm import remembered_kvm

# In the order in which they are first needed.
_PROGRAMS = (
    "mmdebstrap",
    "bwrap",
    "mke2fs",
    "qemu-system-x86_64",
    "qemu-img",
    "ssh",
    "ssh-keygen",
    "setpriv",
    "unshare",
    "bpftool",
    "babeltrace2",
)

# A root, its image and a snapshot take about 2 GB; three of them, recordings and builds beside.
_ENOUGH_BYTES = 6_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: what it is.
        ok: whether the kit can work with how it is.
        detail: how it is.
        fix: the command that mends it; "" where nothing is to be mended.
    """

    what: str
    ok: bool
    detail: str
    fix: str = ""


def doctor(cache: Path) -> list[Finding]:
    """Look at programs, Python modules, rights, KVM, the cache and the targets; nothing is changed.

    Args:
        cache: the folder of everything that can be made again.
    """
    return [*_programs(), _babeltrace(), *_rights(), _kvm(cache), _room(cache), *_targets(cache)]


def _programs() -> Iterator[Finding]:
    for name in _PROGRAMS:
        path = find_program(name)
        if path:
            yield Finding(name, True, str(path))
        else:
            yield Finding(name, False, "not installed", install_command(name))


def _babeltrace() -> Finding:
    """babeltrace2's Python module is Debian's, for Debian's own Python."""
    what = "Python module bt2"
    if find_spec("bt2"):
        return Finding(what, True, "can be imported")
    fix = "sudo apt install python3-bt2; then /usr/bin/python3 -m venv --system-site-packages"
    return Finding(what, False, "can't be imported by this Python", fix)


def _rights() -> Iterator[Finding]:
    """An ordinary user makes a Debian root in a user namespace, which takes a range of user ids."""
    if os.geteuid() == 0:
        return
    if not find_program("newuidmap"):
        yield Finding("newuidmap", False, "not installed", install_command("newuidmap"))
    user = os.environ.get("USER", str(os.geteuid()))
    ranges = Path("/etc/subuid").read_text().splitlines() if Path("/etc/subuid").exists() else []
    if any(line.split(":")[0] in (user, str(os.geteuid())) for line in ranges):
        yield Finding("user ids for a namespace", True, "in /etc/subuid")
    else:
        fix = f"sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}"
        yield Finding("user ids for a namespace", False, f"/etc/subuid has none for {user}", fix)


def _kvm(cache: Path) -> Finding:
    """Without KVM all works, more slowly: never a failure."""
    try:
        known = remembered_kvm(cache)
    except KitError as error:  # no QEMU, which has a finding of its own
        return Finding("KVM", True, error.message)
    if known is None:
        return Finding("KVM", True, "not tried yet; the first virtual machine will tell")
    if known.works:
        return Finding("KVM", True, known.reason)
    said = f" ({known.said})" if known.said else ""
    return Finding("KVM", True, f"{known.reason}{said}; the processor is emulated")


def _room(cache: Path) -> Finding:
    there = next(each for each in (cache, *cache.absolute().parents) if each.exists())
    if not os.access(there, os.W_OK):
        return Finding("cache", False, f"{cache} can't be written", f"sudo chown -R {os.geteuid()} {there}")
    free = shutil.disk_usage(there).free
    detail = f"{cache}, {free / 1e9:.0f} GB free"
    return Finding("cache", free >= _ENOUGH_BYTES, detail, f"df -h {there}" if free < _ENOUGH_BYTES else "")


def _targets(cache: Path) -> Iterator[Finding]:
    for target in list_targets(cache):
        detail = "ready" if target.exists() else "made on first use"
        yield Finding(f"target {target.name}", True, detail)
