# SPDX-License-Identifier: GPL-2.0-only
"""Hosts with a kernel, headers and LTTng of their own, as targets: this one, and those that ssh reaches.

Nothing is installed on them. Addons are built on the host itself, against a core of lttng-modules that the kit builds
in a folder of its own, from the source that the host has; what runs is the lttng-modules that the host has installed.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.machine.local import LocalMachine
from lttng_addon_kit.machine.machine import FOREVER, Machine
from lttng_addon_kit.machine.root_folder import make_root_folder, root_folder
from lttng_addon_kit.machine.ssh import SshMachine
from lttng_addon_kit.plain_files import check_returned
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.distribution.distribution import Distribution
from lttng_addon_kit.target.kernel_lists import save_kernel_lists
from lttng_addon_kit.target.lttng_core import keep_core_probes
from lttng_addon_kit.target.programs import install_hints
from lttng_addon_kit.target.releases import HOST_DISTRIBUTION
from lttng_addon_kit.target.target import DEFAULT_BOOT, Boot, Made
from lttng_addon_kit.target.target_folder import TargetFacts, TargetFolder

LOCAL = "local"
SSH_PREFIX = "ssh:"

# Where a core is built on a host, one folder for each kernel and version.
_CORES = "/var/cache/lttng-addon-kit"


class HostTarget(TargetFolder):
    """See `Target`; kinds of hosts differ in how they are reached and where their files are seen.

    Args:
        name: the target's.
        cache: the folder of all targets' files.
    """

    _creating = ("examining", "examined")

    def __init__(self, name: str, cache: Path) -> None:
        super().__init__(name, HOST_DISTRIBUTION, cache)

    @abstractmethod
    def _connect(self) -> SshMachine | LocalMachine:
        """Connect to the machine, which takes commands then; close it when done."""

    @abstractmethod
    def _save_files(self, machine: Machine, folder: Path) -> None:
        """Copy here what `kernel_files` will name."""

    def _fill(self, folder: Path, progress: Progress) -> TargetFacts:
        """Examine the host, and build the core where it has none built; `remove` leaves that core there."""
        with progress.step(f"examining {self.name}"), self._connected() as machine:
            facts = _examine(machine, self._distribution)
            save_kernel_lists(machine, folder / "kernel")
            self._save_files(machine, folder)
        return facts

    @contextmanager
    def start(self, progress: Progress, boot: Boot = DEFAULT_BOOT, keep: bool = False) -> Iterator[Machine]:
        """See `Target.start`; the host runs already, and goes on."""
        if boot != DEFAULT_BOOT:
            raise UsageError(f"{self.name} is not a virtual machine: it cannot be booted in another way")
        self.create(progress)
        with self._connected() as machine:
            expected = self._facts().kernel_release
            if machine.kernel_release != expected:
                raise KitError(
                    f"{self.name} now runs {machine.kernel_release}; it ran {expected} when it was examined",
                    hint=f"lttng-addon target remove {shlex.quote(self.name)}, then the same again",
                )
            machine.watch.say = progress.say
            yield machine

    @contextmanager
    def _connected(self) -> Iterator[Machine]:
        with install_hints(HOST_DISTRIBUTION):
            machine = self._connect()
        try:
            yield machine
        finally:
            machine.close()

    def _seen(self, folder: Path) -> str:
        return str(folder)


class LocalTarget(HostTarget):
    """This host."""

    def __init__(self, cache: Path) -> None:
        super().__init__(LOCAL, cache)

    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`."""
        sources = Path(self._distribution.sources)
        return self._describe_kernel(Path("/sys/kernel/btf/vmlinux"), Path("/lib/modules"), sources)

    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`: as the user, who owns the folder."""
        machine = LocalMachine(as_root=False)
        output = machine.run("env", "--chdir", str(folder), "--", *argv, check=False, timeout=FOREVER)
        return Made(output.status, output.stdout + output.stderr)

    def shell(self, progress: Progress) -> int:
        """See `Target.shell`."""
        return subprocess.call([os.environ.get("SHELL", "/bin/sh")])

    def _connect(self) -> LocalMachine:
        machine = LocalMachine()
        machine.connect()
        return machine

    def _save_files(self, machine: Machine, folder: Path) -> None:
        """Copy nothing: all files are on this host already."""


class SshTarget(HostTarget):
    """A host that ssh reaches.

    Args:
        host: as ssh knows it.
        options: more of ssh's options.
    """

    def __init__(self, host: str, cache: Path, options: Sequence[str] = ()) -> None:
        super().__init__(SSH_PREFIX + host, cache)
        self._host = host
        self._options = options

    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`: copies from when the host was examined."""
        folder = self._folder
        return self._describe_kernel(folder / "vmlinux.btf", folder / "modules", folder / "src")

    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`: in a copy of the folder on the host, which comes back changed."""
        with self._connected() as machine, root_folder(machine) as own:
            there = f"{own}/build"
            try:
                machine.put(folder, there)
                here = [each.replace(self._seen(folder), there) for each in argv]
                output = machine.run("env", "--chdir", there, "--", *here, check=False, timeout=FOREVER)
                with tempfile.TemporaryDirectory() as returned:
                    machine.get(there, Path(returned) / "made")
                    check_returned(Path(returned) / "made", folder)
                    LocalMachine(as_root=False).put(Path(returned) / "made", str(folder))
            finally:
                machine.run("rm", "-rf", "--", there)
        text = output.stdout + output.stderr
        return Made(output.status, text.replace(there, self._seen(folder)))

    def shell(self, progress: Progress) -> int:
        """See `Target.shell`."""
        with self._connected() as machine:
            assert isinstance(machine, SshMachine)
            return subprocess.call(machine.interactive_command())

    def _connect(self) -> SshMachine:
        machine = SshMachine(self.name, self._host, self._options)
        machine.connect()
        return machine

    def _save_files(self, machine: Machine, folder: Path) -> None:
        release = machine.kernel_release
        # Copied first: tar takes a short read, which is all that sysfs gives, for the end of the file.
        with root_folder(machine) as own:
            machine.run("cp", "/sys/kernel/btf/vmlinux", f"{own}/types")
            machine.get(f"{own}/types", folder / "vmlinux.btf")
            machine.run("rm", "--", f"{own}/types")
        machine.get(f"/lib/modules/{release}", folder / "modules" / release)
        for sources in self._distribution.header_folders(machine):
            machine.get(sources, folder / "src" / Path(sources).name)


def _examine(machine: Machine, distribution: Distribution) -> TargetFacts:
    """Find what a host has, and build the core where it has none built.

    Raises:
        KitError: it lacks something that an addon needs; with the package that has it.
    """
    release = machine.kernel_release

    def need(test: list[str], what: str, package: str) -> None:
        if machine.run(*test, check=False).status:
            hint = f"on {machine.name}: {distribution.install_command(package, release)}"
            raise KitError(f"{machine.name} lacks {what}", hint=hint)

    need(["test", "-e", f"/lib/modules/{release}/build/Makefile"], f"the headers of {release}", "kernel headers")
    need(["lttng", "--version"], "the lttng command", "lttng")
    need(["modinfo", "lttng-tracer"], f"LTTng's modules for {release}", "lttng-modules")
    version = machine.run("modinfo", "--field", "version", "lttng-tracer").stdout.strip()
    source = distribution.lttng_source(version)
    need(["test", "-d", source], f"the source of lttng-modules {version}", "lttng-modules")
    return TargetFacts(release, version, _find_core(machine, source))


def _is_built(machine: Machine, core: str) -> bool:
    return not machine.run("test", "-e", f"{core}/src/Module.symvers", check=False).status


def _find_core(machine: Machine, source: str) -> str:
    """The built core: the source's own folder where it is built, else a copy, which is built here."""
    copy = f"{_CORES}/{machine.kernel_release}/{Path(source).name}"
    if _is_built(machine, source):
        return source
    make_root_folder(machine, copy, 0o755)
    if _is_built(machine, copy):
        return copy
    with tempfile.TemporaryDirectory() as here:
        patched = Path(here) / "lttng-modules"
        machine.get(source, patched)
        keep_core_probes(patched)
        machine.put(patched, copy)
    build = f"/lib/modules/{machine.kernel_release}/build"
    machine.run("make", "-C", build, f"M={copy}/src", "CONFIG_LTTNG=m", "modules", timeout=FOREVER)
    return copy
