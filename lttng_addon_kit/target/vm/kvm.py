# SPDX-License-Identifier: GPL-2.0-only
"""Finds out whether this host's KVM really works: /dev/kvm may exist and a guest still hang, as in many clouds.

A short boot tells, once; the answer is kept until the host's kernel or QEMU changes.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from lttng_addon_kit.machine.process import need_program
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.architecture.architecture import Architecture
from lttng_addon_kit.target.vm.qemu import qemu_version

_DEVICE = Path("/dev/kvm")

# Working KVM takes a second or two for it.
_SECONDS = 20


@dataclass(frozen=True)
class Kvm:
    """Whether KVM works, and the reason."""

    works: bool
    reason: str


def find_kvm(cache: Path, vmlinuz: Path, architecture: Architecture, progress: Progress) -> Kvm:
    """The remembered answer, or that of a short boot of the kernel `vmlinuz`."""
    remembered = remembered_kvm(cache, architecture)
    if remembered:
        return remembered
    with progress.step("testing whether KVM works here"):
        answer = _boot_briefly(vmlinuz, architecture)
    _answer_file(cache).write_text(json.dumps({"host": _host(architecture), **asdict(answer)}))
    return answer


def remembered_kvm(cache: Path, architecture: Architecture) -> Kvm | None:
    """What is known without a boot; None: a boot has to tell."""
    if not _DEVICE.exists():
        return Kvm(False, "this host has no /dev/kvm")
    if not os.access(_DEVICE, os.R_OK | os.W_OK):
        return Kvm(False, "no permission to use /dev/kvm (are you in group kvm?)")
    try:
        known = json.loads(_answer_file(cache).read_text())
        return Kvm(known["works"], known["reason"]) if known["host"] == _host(architecture) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _answer_file(cache: Path) -> Path:
    return cache / "kvm.json"


def _host(architecture: Architecture) -> list[str]:
    return [platform.release(), qemu_version(architecture)]


def _boot_briefly(vmlinuz: Path, architecture: Architecture) -> Kvm:
    """Boot a kernel without a root file system: it panics, and QEMU ends (-no-reboot), which is success enough."""
    with tempfile.NamedTemporaryFile(prefix="lttng-addon-kvm-") as console:
        command = [
            need_program("setpriv"), "--pdeathsig", "KILL", "--",
            need_program(architecture.qemu), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-accel", "kvm", "-cpu", "host", "-smp", "2", "-m", "512",
            "-kernel", str(vmlinuz), "-append", f"console={architecture.console} panic=-1",
            "-serial", f"file:{console.name}",
        ]  # fmt: skip
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            return Kvm(False, f"/dev/kvm exists, but a test boot hung for {_SECONDS} s")
        text = Path(console.name).read_text(errors="replace")
    if done.returncode == 0 and "Unable to mount root fs" in text:
        return Kvm(True, "a test boot worked")
    return Kvm(False, "/dev/kvm exists, but a test boot failed")
