# SPDX-License-Identifier: GPL-2.0-only
"""What the kit asks of a Linux distribution, and of one release of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.architecture.architecture import Architecture
from lttng_addon_kit.target.distribution.built_kernel import BuiltKernel
from lttng_addon_kit.target.vm.root import Root


class Distribution(Protocol):
    """A Linux distribution."""

    @property
    def name(self) -> str: ...

    @property
    def maker(self) -> str:
        """The program that makes its root file systems."""
        ...

    @property
    def sources(self) -> str:
        """The folder in which it installs the kernel's headers and the source of lttng-modules."""
        ...

    def packages(self, release: Release, architecture: Architecture) -> Sequence[str]:
        """What a virtual machine has installed beside the minimal system, in a fixed order."""
        ...

    def make_root(self, release: Release, architecture: Architecture, folder: Path) -> None:
        """Create a root with `packages` and the source of lttng-modules, in a new folder.

        A release whose kernel is built has the kernel's source there, and no kernel yet: see `install_kernel`.

        Raises:
            KitError: no network, no room, no right to.
        """
        ...

    def install_kernel(self, kernel: BuiltKernel, folder: Path, builds: Path, progress: Progress) -> None:
        """Build a kernel in the root that `make_root` made, and install it there.

        Args:
            builds: the folder that keeps kernels that were built, and half-built ones.

        Raises:
            KitError: it does not compile.
        """
        ...

    def describe_root(self, folder: Path) -> Root:
        """A root with its kernel."""
        ...

    def find_headers(self, sources: Path, kernel_release: str, architecture: Architecture) -> tuple[Path, ...]:
        """The folders of a kernel's headers that exist, in the order in which Kbuild looks into them.

        Args:
            sources: the folder `sources` of a root or host, or a copy of it.
        """
        ...

    def header_folders(self, machine: Machine) -> list[str]:
        """The folders in `sources` that hold the headers of a machine's running kernel."""
        ...

    def lttng_source(self, version: str) -> str:
        """The folder with the source of lttng-modules, as a host has it."""
        ...

    def install_command(self, what: str, kernel_release: str = "") -> str:
        """The command that installs a program, or another thing that the kit needs, by the kit's word for it."""
        ...


@dataclass(frozen=True)
class Release:
    """One release of a distribution.

    Attributes:
        name: the target's.
        distribution: the distribution.
        suite: the distribution's name for it.
        missing_cpu_features: what the emulated processor must lack, as QEMU calls it, by architecture.
        maker_options: options for the distribution's `maker` beside the common ones.
        kernel: the kernel that the kit builds for it; None: the distribution's own.
        slowness: how many times longer than with the distribution's own kernel everything may take.
    """

    name: str
    distribution: Distribution
    suite: str
    missing_cpu_features: Mapping[str, Sequence[str]] = field(default_factory=dict)
    maker_options: tuple[str, ...] = ()
    kernel: BuiltKernel | None = None
    slowness: int = 1
