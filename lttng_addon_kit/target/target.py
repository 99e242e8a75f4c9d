"""What every target offers, whichever kind it is: a kernel's files, a place to build, a machine to run on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.vm.qemu import Boot


@dataclass(frozen=True)
class KernelFiles:
    """Where one kernel's description is, as paths on this host.

    Attributes:
        release: its `uname -r`.
        vmlinuz: the compressed kernel, or /sys/kernel/btf/vmlinux of this very host.
        modules: lib/modules/RELEASE.
        headers: the folders of its headers, in the order of Kbuild's -I (LINUXINCLUDE in the kernel's
            Makefile).
        symbols: /proc/kallsyms with names only: `TYPE NAME [MODULE]` a line, without addresses.
        kprobe_blacklist: /sys/kernel/debug/kprobes/blacklist, with names only, one a line.
        traceable: /sys/kernel/tracing/available_filter_functions.
    """

    release: str
    vmlinuz: Path
    modules: Path
    headers: tuple[Path, ...]
    symbols: Path | None = None
    kprobe_blacklist: Path | None = None
    traceable: Path | None = None


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
        """Make it if it isn't there.

        Raises:
            KitError: it can't be made; with what is missing.
        """
        ...

    def exists(self) -> bool:
        """Whether it is there, ready to be started."""
        ...

    def remove(self) -> None:
        """Remove what `create` made, ending a machine that was left running."""
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

    def start(self, progress: Progress, boot: Boot = ..., keep: bool = False) -> AbstractContextManager[Machine]:
        """The running machine, while inside.

        Args:
            boot: how to boot it, where that is ours to say.
            keep: leave it running afterwards, for `shell`; Ctrl-C ends it all the same.

        Raises:
            KitError: it does not start, or can't be reached.
        """
        ...

    def shell(self, progress: Progress) -> int:
        """A shell on it for whoever sits at the terminal; returns the shell's exit status."""
        ...
