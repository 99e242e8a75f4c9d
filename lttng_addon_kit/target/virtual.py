# SPDX-License-Identifier: GPL-2.0-only
"""Virtual machines of a distribution's release, as targets.

In the cache, targets/NAME/ (see also target_folder.py):
    root/             the root file system, where modules are built
    disk.raw          the image made of it, never written again
    ssh/              the keys made for this machine, and its pinned host key
    snapshots/KEY/    the machine's memory and disk once it was up, for one QEMU, acceleration and `Boot`
    runs/             one folder for each machine that runs, with the layer of the disk that it writes to
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lttng_addon_kit.checksums import is_whole, seal
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.least_used import Bound, surplus
from lttng_addon_kit.machine.folders import in_use, made_whole, remove_tree, run_folder
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.ssh import SshMachine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.distribution.distribution import Release
from lttng_addon_kit.target.kernel_lists import save_kernel_lists
from lttng_addon_kit.target.lttng_core import build_core
from lttng_addon_kit.target.programs import check_programs, install_hints
from lttng_addon_kit.target.releases import HOST_DISTRIBUTION
from lttng_addon_kit.target.target import DEFAULT_BOOT, Boot, Made
from lttng_addon_kit.target.target_folder import TargetFacts, TargetFolder
from lttng_addon_kit.target.vm.disk_image import is_image_whole, make_image, make_layer
from lttng_addon_kit.target.vm.kept_run import KeptRun, find_kept
from lttng_addon_kit.target.vm.kvm import find_kvm
from lttng_addon_kit.target.vm.qemu import Accelerator, Disk, Hardware, Lifetime, Vm, qemu_version, start_vm
from lttng_addon_kit.target.vm.root import INIT, INSIDE, Root, prepare_root
from lttng_addon_kit.target.vm.ssh_access import SshAccess

# An emulated machine with two busy neighbours has been seen to take 40 s to boot.
_SECONDS_TO_BOOT = 180
_SECONDS_TO_RESTORE = 60


# In a target's folder, and in a snapshot's.
_IMAGE = "disk.raw"
_MEMORY = "memory"
_DISK = "disk.qcow2"

# Of snapshots, about 200 MB each: one for each `Boot` that is in use.
_BOUND = Bound(count=6, seconds_in_use=3600)

# What a machine writes in a short run, several times.
_LEAST_FREE = 64 << 20

# The time of day. The kernel's warnings go to the console too, and are heard when they happen. And what is written
# is on the disk a second later, not half a minute: a machine that dies keeps it.
_WAKE = """date --set "$1"
echo 5 4 1 7 > /proc/sys/kernel/printk
echo 50 > /proc/sys/vm/dirty_writeback_centisecs
echo 50 > /proc/sys/vm/dirty_expire_centisecs"""


class VmTarget(TargetFolder):
    """See `Target`.

    Args:
        release: what the machine runs.
        cache: the folder of all targets' files.
    """

    _creating = ("creating", "created")

    def __init__(self, release: Release, cache: Path) -> None:
        super().__init__(release.name, release.distribution, cache)
        self._release = release

    def exists(self) -> bool:
        """See `Target.exists`: one that is damaged, or that an older version of the kit created, does not count."""
        return super().exists() and self._facts().recipe == self._recipe() and not self._damage()

    def remove(self) -> None:
        """See `Target.remove`.

        Raises:
            KitError: another process is running it, or a shell is open on it.
        """
        self.stop()
        super().remove()

    def kernel_files(self) -> KernelFiles:
        """See `Target.kernel_files`."""
        root = self._root()
        return self._describe_kernel(root.vmlinuz, root.modules.parent, root.sources)

    def compile(self, folder: Path, *argv: str) -> Made:
        """See `Target.compile`."""
        output = self._root().enter(argv, folder)
        return Made(output.status, output.stdout + output.stderr)

    @contextmanager
    def start(self, progress: Progress, boot: Boot = DEFAULT_BOOT, keep: bool = False) -> Iterator[Machine]:
        """See `Target.start`; only one machine of a target is left running, which `shell` enters."""
        if keep:
            self._refuse_second()
        self.create(progress)
        self._check_room()
        with install_hints(HOST_DISTRIBUTION), ExitStack() as running:
            hardware = self._hardware(self._root(), boot, progress)
            snapshot = self._find_snapshot(hardware, progress)
            with progress.step(f"restoring {self.name}"):
                machine, vm, run = self._restore(running, hardware, snapshot, keep)
            if keep:
                vm.outlives_us = True
                KeptRun(vm.process_id, vm.port).write(run)
                progress.say(f"{self.name} is left running: lttng-addon target shell {self.name}")
            machine.watch.say = progress.say
            machine.watch.ends_with_run = not keep
            yield machine

    def shell(self, progress: Progress) -> int:
        """See `Target.shell`: on the machine that was left running, else on a new one."""
        for run in self._runs():
            if kept := find_kept(run):
                with kept.entered(run):
                    return subprocess.call(self._access(self._folder).shell_command(kept.port))
        with self.start(progress) as machine:
            assert isinstance(machine, SshMachine)
            return subprocess.call(machine.interactive_command())

    def _refuse_second(self) -> None:
        for kept in filter(None, map(find_kept, self._runs())):
            hint = f"lttng-addon target shell {self.name} enters it; kill {kept.process_id} ends it"
            raise KitError(f"a machine of {self.name} was left running already", hint=hint)

    def stop(self) -> None:
        """End the machines that were left running.

        Raises:
            KitError: a shell is open on one.
        """
        for run in self._runs():
            if kept := find_kept(run):
                kept.end(run)

    def _check_host(self) -> None:
        check_programs(self._distribution, self._architecture, HOST_DISTRIBUTION)

    def _discard(self) -> None:
        if any(in_use(each) for each in self._runs()):
            raise KitError(f"{self.name} is running", hint="end what runs on it first")
        super()._discard()

    def _fill(self, folder: Path, progress: Progress) -> TargetFacts:
        progress.say(f"Creating the virtual machine {self.name}, which takes some minutes, once.")
        root = self._make_root(folder / "root", progress)
        with progress.step(f"LTTng's kernel tracer for {root.kernel_release}"):
            core = build_core(root)
        with progress.step("disk image"):
            access = self._access(folder)
            access.make_keys()
            prepare_root(root, self.name, access.host_key, access.user_key)
            make_image(root.folder, folder / _IMAGE)
        hardware = self._hardware(root, DEFAULT_BOOT, progress)
        with progress.step("first boot and snapshot"):
            self._make_snapshot(folder, hardware, folder / "kernel")
        return TargetFacts(root.kernel_release, core.version, core.folder, self._recipe())

    def _make_root(self, folder: Path, progress: Progress) -> Root:
        release = self._release
        with progress.step(f"{self._distribution.name} {release.suite} by {self._distribution.maker}"):
            self._distribution.make_root(release, self._architecture, folder)
        if release.kernel:
            self._distribution.install_kernel(release.kernel, folder, self._cache / "kernel-builds", progress)
        return self._distribution.describe_root(folder)

    def _hardware(self, root: Root, boot: Boot, progress: Progress) -> Hardware:
        def with_processor(name: str, cpu: str) -> Hardware:
            return Hardware(self._architecture, root.vmlinuz, root.initrd, Accelerator(name, cpu), boot)

        missing = self._release.missing_cpu_features.get(self._architecture.name, ())
        emulated = with_processor("tcg", ",".join([self._architecture.emulated_cpu, *(f"-{each}" for each in missing)]))
        if "-icount" in boot.qemu_options:  # only an emulated processor counts its instructions
            return emulated
        kvm = find_kvm(self._cache, root.vmlinuz, self._architecture, progress)
        if kvm.works:
            return with_processor("kvm", "host")
        progress.say(f"The processor is emulated (QEMU's TCG): {kvm.reason}.")
        return emulated

    def _check_room(self) -> None:
        """See that the disk's layer can grow: QEMU stops a machine in the middle where it can't.

        Raises:
            KitError: this host's disk is full.
        """
        free = shutil.disk_usage(self._folder).free
        if free < _LEAST_FREE:
            hint = "make room there, then try again (lttng-addon cache says what takes it)"
            raise KitError(f"no room in {self._folder} for what a machine writes: {free / 1e6:.0f} MB free", hint=hint)

    def _find_snapshot(self, hardware: Hardware, progress: Progress) -> Path:
        """The snapshot for this very hardware; created when QEMU, acceleration or boot is a new one.

        One that is damaged is created again.
        """
        snapshot = _snapshot_folder(self._folder, hardware)
        if not _is_snapshot_whole(snapshot):
            with self._locked(progress):
                if snapshot.exists() and not _is_snapshot_whole(snapshot):
                    progress.say(f"{snapshot} is damaged: it is created again")
                    remove_tree(snapshot)
                if not snapshot.exists():
                    with progress.step(f"booting {self.name} and taking a snapshot"):
                        self._make_snapshot(self._folder, hardware, None)
                    self._forget_surplus()
        os.utime(snapshot)
        return snapshot

    def _forget_surplus(self) -> None:
        """Remove the snapshots that are too many, but for those in use."""
        if not any(in_use(run) for run in self._runs()):
            for old in surplus((self._folder / "snapshots").glob("[!.]*"), _BOUND):
                remove_tree(old)

    def _make_snapshot(self, folder: Path, hardware: Hardware, lists: Path | None) -> None:
        """Boot, wait until all is up, save the machine's memory and disk as they are then.

        Args:
            lists: a folder to create for the lists that only a running kernel can give; None: they exist.
        """
        with made_whole(_snapshot_folder(folder, hardware)) as making, ExitStack() as running:
            disk = Disk(making / _DISK, "qcow2")
            make_layer(folder / _IMAGE, "raw", disk.image)
            run, lock = running.enter_context(run_folder(folder / "runs"))
            vm = running.enter_context(start_vm(hardware, disk, run, lifetime=Lifetime(held_open=[lock])))
            patience = _SECONDS_TO_BOOT * self._release.slowness
            machine = running.enter_context(self._access(folder).connect(vm, disk, patience))
            if lists:
                save_kernel_lists(machine, lists)
            machine.run("sh", "-c", "sync; dmesg --clear")
            machine.close()
            vm.save_memory(making / _MEMORY)
            vm.quit()
            for name in (_MEMORY, _DISK):
                seal(making / name)

    def _restore(
        self, running: ExitStack, hardware: Hardware, snapshot: Path, keep: bool
    ) -> tuple[SshMachine, Vm, Path]:
        run, lock = running.enter_context(run_folder(self._folder / "runs"))
        disk, lifetime = Disk(run / _DISK, "qcow2"), Lifetime(may_outlive_us=keep, held_open=[lock])
        make_layer(snapshot / _DISK, "qcow2", disk.image)
        vm = running.enter_context(start_vm(hardware, disk, run, memory=snapshot / _MEMORY, lifetime=lifetime))
        patience = _SECONDS_TO_RESTORE * self._release.slowness
        machine = running.enter_context(self._access(self._folder).connect(vm, disk, patience))
        # The clock stood still in the snapshot. LTTng reads the offset between its clock and the day's time
        # when a session is created (lttng-modules, measure_clock_offset()), so sessions from here on carry
        # the right time.
        machine.run("sh", "-c", _WAKE, "wake", f"@{time.time():.3f}")
        return machine, vm, run

    def _damage(self) -> str:
        image = self._folder / _IMAGE
        return super()._damage() or ("" if is_image_whole(image) else f"{image} is damaged")

    def _seen(self, folder: Path) -> str:
        return INSIDE

    def _root(self) -> Root:
        self._facts()  # refuses a target that does not exist
        return self._distribution.describe_root(self._folder / "root")

    def _access(self, folder: Path) -> SshAccess:
        return SshAccess(self.name, folder / "ssh")

    def _runs(self) -> list[Path]:
        runs = self._folder / "runs"
        return sorted(runs.iterdir()) if runs.exists() else []

    def _recipe(self) -> str:
        """Stands for how a target is created: one with another recipe is created anew."""
        packages = json.dumps(self._distribution.packages(self._release, self._architecture))
        kernel = self._release.kernel.recipe() if self._release.kernel else ""
        return hashlib.sha256(INIT.read_bytes() + (packages + kernel).encode()).hexdigest()[:12]


def _is_snapshot_whole(snapshot: Path) -> bool:
    return all(is_whole(snapshot / name) for name in (_MEMORY, _DISK))


def _snapshot_folder(folder: Path, hardware: Hardware) -> Path:
    """The folder of the snapshot for some hardware: a saved state fits only the QEMU and devices that saved it."""
    made_of = [each.replace(str(folder), "") for each in hardware.options()]
    key = hashlib.sha256(json.dumps([qemu_version(hardware.architecture), *made_of]).encode()).hexdigest()[:12]
    return folder / "snapshots" / f"{hardware.accelerator.name}-{key}"
