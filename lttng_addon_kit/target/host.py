"""Hosts with a kernel, headers and LTTng of their own: this one, and those that ssh reaches.

Nothing is installed on them. Addons are built on the host itself, against a core of lttng-modules that is
built, in a folder of ours, from the source that the host has; what runs is the lttng-modules that the host
has installed.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.machine.folders import locked, made_whole, remove_tree
from lttng_addon_kit.machine.local import LocalMachine
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.ssh import SshMachine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.kernel_headers import find_headers
from lttng_addon_kit.target.kernel_lists import save_kernel_lists
from lttng_addon_kit.target.lttng_core import keep_core_probes
from lttng_addon_kit.target.target import KernelFiles, Made
from lttng_addon_kit.target.vm.qemu import Boot

LOCAL = "local"
SSH_PREFIX = "ssh:"

_DEFAULT_BOOT = Boot()

# Where a core is built on a host, one folder for each kernel and version.
_CORES = "/var/cache/lttng-addon-kit"


@dataclass(frozen=True)
class _Facts:
    """What is known of a host once it was looked at."""

    kernel_release: str
    lttng_version: str
    lttng_modules: str


class HostTarget(ABC):
    """See `Target`; what differs between hosts is how they are reached and where their files are seen.

    Args:
        name: the target's.
        cache: the folder of all targets' files.
    """

    def __init__(self, name: str, cache: Path) -> None:
        self.name = name
        # A host's name may hold characters that a folder's may not.
        self._folder = cache / "targets" / name.replace("/", "_")

    @abstractmethod
    def _connect(self) -> SshMachine | LocalMachine:
        """The machine, ready to take commands; close it when done."""

    @abstractmethod
    def _save_files(self, machine: Machine, folder: Path) -> None:
        """Bring here what `kernel_files` will name."""

    @abstractmethod
    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`."""

    @abstractmethod
    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`."""

    @property
    def lttng_modules(self) -> str:
        """See `Target.lttng_modules`."""
        return self._facts().lttng_modules

    @property
    def lttng_version(self) -> str:
        """See `Target.lttng_version`."""
        return self._facts().lttng_version

    def exists(self) -> bool:
        """See `Target.exists`."""
        return self._facts_file.exists()

    def create(self, progress: Progress) -> None:
        """See `Target.create`: looks at the host, and builds the core where it has none built."""
        if self.exists():
            return
        wait = f"Somebody else is looking at {self.name}; waiting for that."
        with locked(self._folder.with_name(f".{self._folder.name}.lock"), lambda: progress.say(wait)):
            if self.exists():
                return
            with progress.step(f"looking at {self.name}"), made_whole(self._folder) as folder:
                with self._connected() as machine:
                    facts = _examine(machine)
                    save_kernel_lists(machine, folder / "kernel")
                    self._save_files(machine, folder)
                (folder / "target.json").write_text(json.dumps(asdict(facts)))

    def remove(self) -> None:
        """See `Target.remove`; the host itself keeps only the core that was built on it."""
        remove_tree(self._folder)

    def make(self, folder: Path, *arguments: str) -> Made:
        """See `Target.make`."""
        variables = [f"FOLDER={self._seen(folder)}", f"LTTNG_MODULES={self.lttng_modules}"]
        return self.compile(folder, "make", *variables, *arguments)

    @contextmanager
    def start(self, progress: Progress, boot: Boot = _DEFAULT_BOOT, keep: bool = False) -> Iterator[Machine]:
        """See `Target.start`; the host runs already, and goes on."""
        if boot != _DEFAULT_BOOT:
            raise UsageError(f"{self.name} is not a virtual machine: it can't be booted in another way")
        self.create(progress)
        with self._connected() as machine:
            expected = self._facts().kernel_release
            if machine.kernel_release != expected:
                raise KitError(
                    f"{self.name} runs {machine.kernel_release} now, not {expected} as when it was looked at",
                    hint=f"lttng-addon target remove {shlex.quote(self.name)}, then the same again",
                )
            yield machine

    @contextmanager
    def _connected(self) -> Iterator[Machine]:
        machine = self._connect()
        try:
            yield machine
        finally:
            machine.close()

    def _seen(self, folder: Path) -> str:
        """A folder's path where `compile` runs."""
        return str(folder)

    @property
    def _facts_file(self) -> Path:
        return self._folder / "target.json"

    def _facts(self) -> _Facts:
        try:
            return _Facts(**json.loads(self._facts_file.read_text()))
        except (OSError, ValueError, TypeError) as error:
            hint = f"lttng-addon target create {shlex.quote(self.name)}"
            raise KitError(f"{self.name} was not looked at yet", hint=hint) from error


class LocalTarget(HostTarget):
    """This host."""

    def __init__(self, cache: Path) -> None:
        super().__init__(LOCAL, cache)

    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`."""
        release = self._facts().kernel_release
        lists = self._folder / "kernel"
        return KernelFiles(
            release=release,
            vmlinuz=Path("/sys/kernel/btf/vmlinux"),
            modules=Path("/lib/modules") / release,
            headers=find_headers(Path("/usr/src"), release),
            symbols=lists / "symbols",
            kprobe_blacklist=lists / "kprobe_blacklist",
            traceable=lists / "traceable",
        )

    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`: as the user, who owns the folder."""
        machine = LocalMachine(as_root=False)
        output = machine.run("env", "--chdir", str(folder), "--", *argv, check=False)
        return Made(output.status, output.stdout + output.stderr)

    def shell(self, progress: Progress) -> int:
        """See `Target.shell`."""
        return subprocess.call([os.environ.get("SHELL", "/bin/sh")])

    def _connect(self) -> LocalMachine:
        machine = LocalMachine()
        machine.connect()
        return machine

    def _save_files(self, machine: Machine, folder: Path) -> None:
        """All are on this host already."""


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
        """See `Target.kernel_files`: copies, made when the host was looked at."""
        release = self._facts().kernel_release
        lists = self._folder / "kernel"
        return KernelFiles(
            release=release,
            vmlinuz=self._folder / "vmlinux.btf",
            modules=self._folder / "modules" / release,
            headers=find_headers(self._folder / "src", release),
            symbols=lists / "symbols",
            kprobe_blacklist=lists / "kprobe_blacklist",
            traceable=lists / "traceable",
        )

    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`: in a copy of the folder on the host, which comes back changed."""
        with self._connected() as machine:
            there = machine.run("mktemp", "--directory", "--tmpdir", "lttng-addon-XXXXXXXX").stdout.strip()
            try:
                machine.put(folder, there)
                here = [each.replace(self._seen(folder), there) for each in argv]
                output = machine.run("env", "--chdir", there, "--", *here, check=False)
                with tempfile.TemporaryDirectory() as returned:
                    machine.get(there, Path(returned) / "made")
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
        types = machine.run("mktemp", "--tmpdir", "lttng-addon-XXXXXXXX").stdout.strip()
        machine.run("cp", "/sys/kernel/btf/vmlinux", types)
        machine.get(types, folder / "vmlinux.btf")
        machine.run("rm", "--", types)
        machine.get(f"/lib/modules/{release}", folder / "modules" / release)
        for sources in _header_folders(machine):
            machine.get(sources, folder / "src" / Path(sources).name)


def _examine(machine: Machine) -> _Facts:
    """What a host has, and the core built where it has none built.

    Raises:
        KitError: it lacks something that an addon needs; with the package that has it.
    """
    release = machine.kernel_release
    _need(machine, ["test", "-e", f"/lib/modules/{release}/build/Makefile"],
          f"the headers of {release}", f"linux-headers-{release}")  # fmt: skip
    _need(machine, ["lttng", "--version"], "the command lttng", "lttng-tools")
    _need(machine, ["modinfo", "lttng-tracer"], f"LTTng's modules for {release}", "lttng-modules-dkms")
    version = machine.run("modinfo", "--field", "version", "lttng-tracer").stdout.strip()
    source = f"/usr/src/lttng-modules-{version}"
    _need(machine, ["test", "-d", source], f"the source of lttng-modules {version}", "lttng-modules-dkms")
    return _Facts(release, version, _find_core(machine, source))


def _need(machine: Machine, test: list[str], what: str, package: str) -> None:
    if machine.run(*test, check=False).status:
        hint = f"on {machine.name}: sudo apt install {package}"
        raise KitError(f"{machine.name} has not {what}", hint=hint)


def _find_core(machine: Machine, source: str) -> str:
    """The built core: the source's own folder where somebody built it, else a copy that we build."""
    copy = f"{_CORES}/{machine.kernel_release}/{Path(source).name}"
    for folder in (source, copy):
        if not machine.run("test", "-e", f"{folder}/src/Module.symvers", check=False).status:
            return folder
    with tempfile.TemporaryDirectory() as here:
        patched = Path(here) / "lttng-modules"
        machine.get(source, patched)
        keep_core_probes(patched)
        machine.put(patched, copy)
    build = f"/lib/modules/{machine.kernel_release}/build"
    machine.run("make", "-C", build, f"M={copy}/src", "CONFIG_LTTNG=m", "modules")
    return copy


def _header_folders(machine: Machine) -> list[str]:
    """The folders in /usr/src that hold the running kernel's headers."""
    build = f"/lib/modules/{machine.kernel_release}/build"
    flavour = machine.run("readlink", "--canonicalize", build).stdout.strip()
    common = machine.run("find", "/usr/src", "-maxdepth", "1", "-name", "linux-headers-*-common").stdout.split()
    return [flavour, *common]
