# SPDX-License-Identifier: GPL-2.0-only
"""The interface of every target: a kernel's files, a place to build modules, a machine to run them on.

Its kinds are in virtual.py (virtual machines) and host.py (this host and those that ssh reaches); registry.py finds
one by name.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress


@dataclass(frozen=True)
class Boot:
    """How to boot. What is not the default is really booted once, and restored from a snapshot from then on.

    Attributes:
        kernel_arguments: appended to the kernel's command line, as in "slub_debug=FZPU".
        qemu_options: appended to QEMU's, as in "-icount", "shift=0,sleep=off".
        cpus: how many processors the machine has.
        in_turns: whether QEMU, where it emulates them, runs them in turns, in one thread.
    """

    kernel_arguments: tuple[str, ...] = ()
    qemu_options: tuple[str, ...] = ()
    cpus: int = 2
    in_turns: bool = False


DEFAULT_BOOT = Boot()


@dataclass(frozen=True)
class Made:
    """What make, or another program run where modules are built, left: its exit status and all its output."""

    status: int
    output: str


class Target(Protocol):
    """Somewhere that addons are built for and run on."""

    @property
    def name(self) -> str: ...

    @property
    def lttng_modules(self) -> str:
        """The folder of lttng-modules' built core, as `make` and `compile` see it."""
        ...

    @property
    def lttng_version(self) -> str:
        """The version of lttng-modules, as in "2.13.9"."""
        ...

    def create(self, progress: Progress) -> None:
        """Create it if it does not exist.

        Raises:
            KitError: it can't be created; with what is missing.
        """
        ...

    def exists(self) -> bool:
        """Whether it exists, ready to be started."""
        ...

    def remove(self) -> None:
        """Remove what `create` created, ending a machine that was left running."""
        ...

    def kernel_files(self) -> KernelFiles:
        """Where its kernel's description is."""
        ...

    def make(self, folder: Path, *arguments: str) -> Made:
        """Run make where the kernel's build folder is.

        The folder is writable, make starts in it, and `$(FOLDER)` in an argument is its path there;
        LTTNG_MODULES is set to the core's.
        """
        ...

    def compile(self, folder: Path, *argv: str) -> Made:
        """Run another program there, a compiler say, in `folder`."""
        ...

    def start(
        self, progress: Progress, boot: Boot = DEFAULT_BOOT, keep: bool = False
    ) -> AbstractContextManager[Machine]:
        """The running machine, while inside.

        Args:
            boot: how to boot it, where the kit can choose.
            keep: leave it running afterwards, for `shell`; Ctrl-C ends it all the same.

        Raises:
            KitError: it does not start, or can't be reached.
        """
        ...

    def shell(self, progress: Progress) -> int:
        """Open a shell on it in this terminal; returns the shell's exit status."""
        ...
