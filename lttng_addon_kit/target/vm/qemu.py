# SPDX-License-Identifier: GPL-2.0-only
"""Starts one QEMU process, controls it (QMP) and ends it; it never outlives the kit unless asked to."""

from __future__ import annotations

import logging
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qemu.qmp import QMPError
from qemu.qmp.legacy import QEMUMonitorProtocol

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.interrupts import interrupts_held_back
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.machine.process import execute, need_program
from lttng_addon_kit.target.architecture.architecture import Architecture
from lttng_addon_kit.target.target import Boot

# What goes wrong is raised, and printed once.
logging.getLogger("qemu.qmp").addHandler(logging.NullHandler())

# Of the console, once the machine has ended for no reason that the kernel gave.
_LINES_SHOWN = 30

# Mebibytes.
_MEMORY = "1024"

_MIGRATION_ENDED = ("completed", "failed", "cancelled")

# Even on a busy host it takes less for a word with QEMU.
_SECONDS_TO_ANSWER = 60

# It flushes the disk's image meanwhile.
_SECONDS_TO_QUIT = 30

# The console's line by `info usernet`: protocol, file descriptor, source address and port, destination ...
_FORWARDED_PORT = re.compile(r"TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)")


@dataclass(frozen=True)
class Accelerator:
    """How the processor is provided: "kvm", or emulated ("tcg")."""

    name: str
    cpu: str


@dataclass(frozen=True)
class Hardware:
    """What a machine consists of, the same whenever it is restored from the same snapshot."""

    architecture: Architecture
    vmlinuz: Path
    initrd: Path
    accelerator: Accelerator
    boot: Boot

    def options(self) -> list[str]:
        """QEMU's options, but for those that say where the disk's content is and how to reach it."""
        return [
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-machine", self.architecture.qemu_machine,
            "-accel", self._acceleration(), "-cpu", self.accelerator.cpu,
            "-smp", str(self.boot.cpus), "-m", _MEMORY,
            "-kernel", str(self.vmlinuz), "-initrd", str(self.initrd), "-append", self._kernel_arguments(),
            "-device", "virtio-rng-pci",
            "-device", "virtio-net-pci,netdev=net,romfile=",
            # No write cache: what the machine has written is in the image's file, its tables too, however QEMU ends.
            "-device", "virtio-blk-pci,drive=disk,write-cache=off",
            *self.boot.qemu_options,
        ]  # fmt: skip

    def _acceleration(self) -> str:
        name = self.accelerator.name
        return f"{name},thread=single" if self.boot.in_turns and name == "tcg" else name

    def _kernel_arguments(self) -> str:
        # The first process relies on the name eth0. A kernel that panics ends QEMU (with -no-reboot), so that
        # nothing waits for it.
        arguments = (
            "root=/dev/vda", "rw", "init=/usr/sbin/lttng-addon-init", "net.ifnames=0",
            f"console={self.architecture.console}", "quiet", "panic=-1", "oops=continue", "random.trust_cpu=on",
            *self.boot.kernel_arguments,
        )  # fmt: skip
        return " ".join(arguments)


@dataclass(frozen=True)
class Disk:
    """A virtual machine's disk.

    Attributes:
        image: its file, which has all that the machine writes.
        format: the file's format, "raw" or "qcow2".
    """

    image: Path
    format: str

    def option(self) -> str:
        """The value of QEMU's -drive."""
        return f"if=none,id=disk,format={self.format},cache=unsafe,discard=unmap,file={_escaped(self.image)}"


@dataclass(frozen=True)
class Lifetime:
    """How long QEMU lives.

    Attributes:
        may_outlive_us: whether setting `Vm.outlives_us` has an effect; else QEMU dies with this process, however
            that dies.
        held_open: file descriptors (locks) that QEMU keeps open as long as it lives.
    """

    may_outlive_us: bool = False
    held_open: Sequence[int] = ()


_BRIEF = Lifetime()


class Vm:
    """A running QEMU.

    Attributes:
        console: the file that gets what its kernel prints.
        port: on 127.0.0.1, where its ssh server is reached.
        outlives_us: leaving the context does not end it.
    """

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, console: Path) -> None:
        self._process = process
        self.console = console
        self._control = control
        self._monitor = QEMUMonitorProtocol(control)
        self.port = 0
        self.outlives_us = False

    @property
    def process_id(self) -> int:
        return self._process.pid

    def connect(self) -> None:
        """Shake hands and learn the port.

        Raises:
            KitError: QEMU ended instead, with what it said.
        """
        try:
            self._monitor.connect()
            self._monitor.settimeout(_SECONDS_TO_ANSWER)
            self.port = self._find_port()
        except (QMPError, OSError, EOFError) as error:
            with suppress(subprocess.TimeoutExpired):  # it closes the connection a moment before it is gone
                self._process.wait(timeout=_SECONDS_TO_QUIT)
            raise KitError("QEMU did not start", details=self.why_gone() or str(error)) from error

    def command(self, name: str, **arguments: object) -> Any:
        """One QMP command (QEMU QMP Reference Manual) and its answer."""
        try:
            return self._monitor.cmd(name, **arguments)
        except (QMPError, OSError) as error:
            raise KitError(f"QEMU refuses {name}", details=self.why_gone() or str(error)) from error

    def resume(self) -> None:
        """Go on once a saved state is read: it was saved stopped, and stays so until told otherwise.

        Raises:
            KitError: this QEMU can't read it.
        """
        deadline = time.monotonic() + _SECONDS_TO_ANSWER
        while self.command("query-status")["status"] == "inmigrate":
            if time.monotonic() > deadline:
                raise KitError("QEMU does not get on with reading the machine's state")
            time.sleep(0.02)
        self.command("cont")

    def save_memory(self, file: Path) -> None:
        """Stop the machine and write its whole state, but for the disk's, to a file.

        Raises:
            KitError: there is no room for it.
        """
        self.command("stop")
        # QEMU would keep to 128 MiB/s, for the sake of a network that is not there.
        self.command("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
        file.touch(mode=0o600)
        with file.open("wb") as state:
            self._monitor.send_fd_scm(state.fileno())
            self.command("getfd", fdname="state")
            self.command("migrate", uri="fd:state")
            while (status := self.command("query-migrate")["status"]) not in _MIGRATION_ENDED:
                time.sleep(0.05)
        if status != "completed":
            hint = "make room on the disk, then try again"
            raise KitError("the machine's state could not be saved", hint=hint)

    def quit(self) -> None:
        """End the machine; what it wrote to its disk is in the image's file then."""
        with suppress(KitError):
            self.command("quit")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_SECONDS_TO_QUIT)
        self.kill()

    def kill(self) -> None:
        """End the process at once; the disk's image may lack what was written last."""
        self._process.kill()
        self._process.wait()
        self.leave()

    def leave(self) -> None:
        """Stop controlling it; it goes on."""
        with suppress(QMPError, OSError, EOFError):
            self._monitor.close()
        self._control.close()

    def why_gone(self) -> str:
        """What the machine's console and QEMU last said, once the process has ended; "" while it runs.

        A machine that QEMU stopped, as the image of its disk had no room, is gone too.
        """
        if self._process.poll() is None:
            return self._why_stopped()
        text = self.console.read_text(errors="replace")
        said = find_problems(text) or text.splitlines()[-_LINES_SHOWN:]
        end = _describe_end(self._process.returncode)
        return "\n".join([f"the virtual machine ended ({end})", *said])

    def _why_stopped(self) -> str:
        with suppress(QMPError, OSError, EOFError):
            answer: Any = self._monitor.cmd("query-status")
            if answer["status"] == "io-error":
                return f"the virtual machine was stopped: no room for what it writes, in {self.console.parent}"
        return ""

    def _find_port(self) -> int:
        text = str(self.command("human-monitor-command", **{"command-line": "info usernet"}))
        found = _FORWARDED_PORT.search(text)
        if not found:
            raise KitError("QEMU forwards no port", details=text)
        return int(found.group(1))


@contextmanager
def start_vm(
    hardware: Hardware, disk: Disk, run: Path, *, memory: Path | None = None, lifetime: Lifetime = _BRIEF
) -> Iterator[Vm]:
    """Start a machine, which runs while inside.

    Args:
        run: a folder for its console's log.
        memory: the state to go on from (see `Vm.save_memory`); None: boot.

    Raises:
        KitError: there is no QEMU, or it does not start.
    """
    ours, its = socket.socketpair()
    console = run / "console.log"
    options = [
        *hardware.options(),
        "-drive", disk.option(),
        "-netdev", "user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:0-:22",
        "-chardev", f"socket,id=control,fd={its.fileno()}", "-mon", "chardev=control,mode=control",
        "-chardev", f"file,id=console,path={_escaped(console)}", "-serial", "chardev:console",
    ]  # fmt: skip
    qemu = [*([] if lifetime.may_outlive_us else _tied_to_us()), need_program(hardware.architecture.qemu)]
    with interrupts_held_back() as let_them_in:
        with its, open_memory(memory) as (memory_fds, memory_options), console.open("wb") as said:
            process = subprocess.Popen(
                [*qemu, *options, *memory_options],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                pass_fds=[its.fileno(), *memory_fds, *lifetime.held_open],
                start_new_session=True,  # Ctrl-C on the terminal reaches the kit alone
                preexec_fn=let_them_in,
            )
        vm = Vm(process, ours, console)
        try:
            let_them_in()
            vm.connect()
            if memory:
                vm.resume()
            yield vm
        except Exception:
            vm.leave() if vm.outlives_us else vm.kill()
            raise
        except BaseException:  # Ctrl-C ends it, come what may
            vm.kill()
            raise
        vm.leave() if vm.outlives_us else vm.kill()


@contextmanager
def open_memory(memory: Path | None) -> Iterator[tuple[list[int], list[str]]]:
    """A saved state as QEMU takes it: the file descriptors to pass on, and the options that name them."""
    if memory is None:
        yield [], []
        return
    with memory.open("rb") as state:
        yield [state.fileno()], ["-incoming", f"fd:{state.fileno()}"]


def qemu_version(architecture: Architecture) -> str:
    """QEMU's version, as it prints it.

    Raises:
        MissingProgram: there is no QEMU.
    """
    return execute([need_program(architecture.qemu), "--version"]).stdout.partition("\n")[0]


def _tied_to_us() -> list[str]:
    """Has the kernel end QEMU when this process dies, however it dies (prctl(2), PR_SET_PDEATHSIG)."""
    return [need_program("setpriv"), "--pdeathsig", "KILL", "--"]


def _escaped(path: Path) -> str:
    """A path in one of QEMU's comma-separated options."""
    return str(path).replace(",", ",,")


def _describe_end(status: int) -> str:
    return f"status {status}" if status >= 0 else f"signal {signal.Signals(-status).name}"
