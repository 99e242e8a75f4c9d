"""A virtual machine of a Debian release, as a target.

In the cache, targets/NAME/:
    root/             the Debian root, where modules are built
    disk.raw          the image made of it, never written again
    ssh/              the keys made for this machine, and its pinned host key
    kernel/           lists that only a running kernel can give
    target.json       versions
    snapshots/KEY/    the machine's memory and disk once it was up, for one QEMU, acceleration and `Boot`
    runs/             one folder for each machine that runs
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.folders import in_use, locked, made_whole, remove_run, remove_tree, run_folder
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import need_program, succeed
from lttng_addon_kit.machine.ssh import SshMachine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.kernel_headers import find_headers
from lttng_addon_kit.target.kernel_lists import save_kernel_lists
from lttng_addon_kit.target.lttng_core import build_core
from lttng_addon_kit.target.releases import PACKAGES, Release
from lttng_addon_kit.target.target import KernelFiles, Made
from lttng_addon_kit.target.vm.disk_image import make_image, make_layer
from lttng_addon_kit.target.vm.kvm import find_kvm
from lttng_addon_kit.target.vm.qemu import Accelerator, Boot, Hardware, Vm, qemu_version, start_vm
from lttng_addon_kit.target.vm.root import INSIDE, Root, make_root, prepare_root

_DEFAULT_BOOT = Boot()

# An emulated machine with two busy neighbours has been seen to take 40 s to boot.
_SECONDS_TO_BOOT = 180
_SECONDS_TO_RESTORE = 60

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
    "tar",
)


@dataclass(frozen=True)
class _Facts:
    """What is known of a target once it is made."""

    kernel_release: str
    lttng_version: str
    lttng_modules: str
    recipe: str = ""


class VmTarget:
    """See `Target`.

    Args:
        release: the Debian release it is of.
        cache: the folder of all targets' files.
    """

    def __init__(self, release: Release, cache: Path) -> None:
        self.name = release.name
        self._release = release
        self._cache = cache
        self._folder = cache / "targets" / release.name

    @property
    def lttng_modules(self) -> str:
        """See `Target.lttng_modules`."""
        return self._facts().lttng_modules

    @property
    def lttng_version(self) -> str:
        """See `Target.lttng_version`."""
        return self._facts().lttng_version

    def exists(self) -> bool:
        """See `Target.exists`: one that an older version of the kit made otherwise does not count."""
        return self._facts_file.exists() and self._facts().recipe == _recipe()

    def create(self, progress: Progress) -> None:
        """See `Target.create`."""
        if self.exists():
            return
        for program in _PROGRAMS:
            need_program(program)
        with self._locked(progress):
            if self.exists():
                return
            progress.say(f"The virtual machine {self.name} is made once, which takes some minutes.")
            self._discard()
            with made_whole(self._folder) as folder:
                self._make(folder, progress)

    def remove(self) -> None:
        """See `Target.remove`.

        Raises:
            KitError: somebody is running it.
        """
        self.stop()
        with self._locked(Progress(quiet=True)):
            self._discard()

    def _discard(self) -> None:
        if any(in_use(each) for each in self._runs()):
            raise KitError(f"{self.name} is running", hint="end what runs on it first")
        # Renamed first, so that nobody ever meets half a target.
        going = self._folder.with_name(f".{self.name}-making-removed")
        if self._folder.exists():
            self._folder.rename(going)
        remove_tree(going)

    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`."""
        root = Root(self._folder / "root")
        release = self._facts().kernel_release
        lists = self._folder / "kernel"
        return KernelFiles(
            release=release,
            vmlinuz=root.folder / "boot" / f"vmlinuz-{release}",
            modules=root.folder / "lib/modules" / release,
            headers=find_headers(root.folder / "usr/src", release),
            symbols=lists / "symbols",
            kprobe_blacklist=lists / "kprobe_blacklist",
            traceable=lists / "traceable",
        )

    def make(self, folder: Path, *arguments: str) -> Made:
        """See `Target.make`."""
        variables = [f"FOLDER={INSIDE}", f"LTTNG_MODULES={self.lttng_modules}"]
        return self.compile(folder, "make", *variables, *arguments)

    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`."""
        output = Root(self._folder / "root").enter(argv, folder)
        return Made(output.status, output.stdout + output.stderr)

    @contextmanager
    def start(self, progress: Progress, boot: Boot = _DEFAULT_BOOT, keep: bool = False) -> Iterator[Machine]:
        """See `Target.start`."""
        self.create(progress)
        hardware = self._hardware(self._folder, boot, progress)
        with ExitStack() as running:
            snapshot = self._find_snapshot(hardware, progress)
            with progress.step(f"restoring {self.name}"):
                machine, vm, run = self._restore(running, hardware, snapshot, keep)
            if keep:
                vm.outlives_us = True
                _Kept(vm.process_id, vm.port).write(run)
                progress.say(f"{self.name} is left running: lttng-addon target shell {self.name}")
            yield machine

    def shell(self, progress: Progress) -> int:
        """See `Target.shell`: on the machine that was left running, else on a new one."""
        for run in self._runs():
            kept = _Kept.read(run)
            if kept:
                ssh = [need_program("ssh"), *self._ssh_options(self._folder, kept.port)]
                return subprocess.call([*ssh, "-t", "root@127.0.0.1"])
        with self.start(progress) as machine:
            assert isinstance(machine, SshMachine)
            return subprocess.call(machine.interactive_command())

    def stop(self) -> None:
        """End the machines that were left running."""
        for run in self._runs():
            kept = _Kept.read(run)
            if kept:
                with suppress(ProcessLookupError):
                    os.kill(kept.process_id, signal.SIGKILL)
                deadline = time.monotonic() + 5
                while in_use(run) and time.monotonic() < deadline:
                    time.sleep(0.05)
                remove_run(run)

    def _make(self, folder: Path, progress: Progress) -> None:
        with progress.step(f"Debian {self.name} by mmdebstrap"):
            root = make_root(self._release, folder / "root")
        with progress.step(f"LTTng's kernel tracer for {root.kernel_release}"):
            core = build_core(root)
        with progress.step("disk image"):
            self._make_keys(folder / "ssh")
            prepare_root(root, self.name, folder / "ssh/host", folder / "ssh/user.pub")
            make_image(root.folder, folder / "disk.raw")
        hardware = self._hardware(folder, _DEFAULT_BOOT, progress)
        with progress.step("first boot and snapshot"):
            self._make_snapshot(folder, hardware, folder / "kernel")
        facts = _Facts(root.kernel_release, core.version, core.folder, _recipe())
        (folder / "target.json").write_text(json.dumps(asdict(facts)))

    def _make_keys(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        for name in ("host", "user"):
            options = ["-q", "-t", "ed25519", "-N", "", "-C", self.name, "-f", str(folder / name)]
            succeed([need_program("ssh-keygen"), *options], "making a key")
        (folder / "known_hosts").write_text(f"{self.name} {(folder / 'host.pub').read_text()}")

    def _hardware(self, folder: Path, boot: Boot, progress: Progress) -> Hardware:
        root = Root(folder / "root")
        emulated = Accelerator("tcg", self._release.emulated_cpu)
        if "-icount" in boot.qemu_options:  # only an emulated processor counts its instructions
            return Hardware(root.vmlinuz, root.initrd, emulated, boot)
        kvm = find_kvm(self._cache, root.vmlinuz, progress)
        if kvm.works:
            return Hardware(root.vmlinuz, root.initrd, Accelerator("kvm", "host"), boot)
        progress.say(f"The processor is emulated (QEMU's TCG): {kvm.reason}.")
        return Hardware(root.vmlinuz, root.initrd, emulated, boot)

    def _find_snapshot(self, hardware: Hardware, progress: Progress) -> Path:
        """The snapshot for this very hardware; made when QEMU, acceleration or boot is a new one."""
        snapshot = _snapshot_folder(self._folder, hardware)
        if not snapshot.exists():
            with self._locked(progress):
                if not snapshot.exists():
                    with progress.step(f"booting {self.name} and taking a snapshot"):
                        self._make_snapshot(self._folder, hardware, None)
        return snapshot

    def _make_snapshot(self, folder: Path, hardware: Hardware, lists: Path | None) -> None:
        """Boot, wait until all is up, save the machine's memory and disk as they are then.

        Args:
            lists: a folder to be made for the lists that only a running kernel can give; None: they are
                there.
        """
        with made_whole(_snapshot_folder(folder, hardware)) as making, ExitStack() as running:
            disk = making / "disk.qcow2"
            make_layer(folder / "disk.raw", "raw", disk)
            run, lock = running.enter_context(run_folder(folder / "runs"))
            starting = start_vm(hardware, disk, "qcow2", run, keep_writes=True, held_open=[lock])
            vm = running.enter_context(starting)
            machine = running.enter_context(self._machine(folder, vm, _SECONDS_TO_BOOT))
            if lists:
                save_kernel_lists(machine, lists)
            machine.run("sh", "-c", "sync; dmesg --clear")
            machine.close()
            vm.save_memory(making / "memory")
            vm.quit()

    def _restore(
        self, running: ExitStack, hardware: Hardware, snapshot: Path, keep: bool
    ) -> tuple[SshMachine, Vm, Path]:
        run, lock = running.enter_context(run_folder(self._folder / "runs"))
        vm = running.enter_context(
            start_vm(
                hardware, snapshot / "disk.qcow2", "qcow2", run,
                memory=snapshot / "memory", may_outlive_us=keep, held_open=[lock],
            )
        )  # fmt: skip
        machine = running.enter_context(self._machine(self._folder, vm, _SECONDS_TO_RESTORE))
        # The clock stood still in the snapshot. LTTng reads the offset between its clock and the day's time
        # when a session is created (lttng-modules, measure_clock_offset()), so sessions from here on carry
        # the right time.
        machine.run("date", "--set", f"@{time.time():.3f}")
        return machine, vm, run

    @contextmanager
    def _machine(self, folder: Path, vm: Vm, patience: float) -> Iterator[SshMachine]:
        options = self._ssh_options(folder, vm.port)
        machine = SshMachine(self.name, "root@127.0.0.1", options, vm.why_gone)
        machine.connect(patience)
        try:
            yield machine
        finally:
            machine.close()

    def _ssh_options(self, folder: Path, port: int) -> list[str]:
        """The user's own ssh settings have no say: this machine, this key, this host key."""
        keys = folder / "ssh"
        return [
            "-F", "none", "-p", str(port), "-i", str(keys / "user"),
            "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none",
            "-o", f"HostKeyAlias={self.name}", "-o", "StrictHostKeyChecking=yes",
            "-o", f"UserKnownHostsFile={_quoted(keys / 'known_hosts')}", "-o", "GlobalKnownHostsFile=none",
            # The default exchange (with a post-quantum part) takes an emulated processor a second.
            "-o", "KexAlgorithms=curve25519-sha256",
        ]  # fmt: skip

    @contextmanager
    def _locked(self, progress: Progress) -> Iterator[None]:
        def say() -> None:
            progress.say(f"Somebody else is making {self.name}; waiting for that.")

        with locked(self._folder.with_name(f".{self.name}.lock"), say):
            yield

    def _runs(self) -> list[Path]:
        runs = self._folder / "runs"
        return sorted(runs.iterdir()) if runs.exists() else []

    @property
    def _facts_file(self) -> Path:
        return self._folder / "target.json"

    def _facts(self) -> _Facts:
        try:
            return _Facts(**json.loads(self._facts_file.read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise KitError(
                f"the virtual machine {self.name} is not there", hint=f"lttng-addon target create {self.name}"
            ) from error


@dataclass(frozen=True)
class _Kept:
    """A machine that was left running, as its run's folder remembers it."""

    process_id: int
    port: int

    def write(self, run: Path) -> None:
        (run / "kept.json").write_text(json.dumps(asdict(self)))

    @staticmethod
    def read(run: Path) -> _Kept | None:
        """None: it was not meant to stay, or it ended; while the lock is held, the process id is its own."""
        try:
            kept = _Kept(**json.loads((run / "kept.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return kept if in_use(run) else None


def _snapshot_folder(folder: Path, hardware: Hardware) -> Path:
    """A saved state fits only the QEMU and the devices that it was saved by."""
    made_of = [each.replace(str(folder), "") for each in hardware.options()]
    key = hashlib.sha256(json.dumps([qemu_version(), *made_of]).encode()).hexdigest()[:12]
    return folder / "snapshots" / f"{hardware.accelerator.name}-{key}"


def _quoted(path: Path) -> str:
    """A path in one of ssh's options, where a space would end it (ssh_config(5))."""
    return f'"{path}"' if " " in str(path) else str(path)


def _recipe() -> str:
    """What stands for how a target is made: a target made by another recipe is made anew."""
    init = Path(__file__).parent / "vm/guest/init"
    return hashlib.sha256(init.read_bytes() + json.dumps(PACKAGES).encode()).hexdigest()[:12]
