# SPDX-License-Identifier: GPL-2.0-only
"""Debian packages of a kernel that the kit builds itself, by the kernel's own `make bindeb-pkg`.

In the cache, kernel-builds/FLAVOUR-KEY/:
    work/        the source while it is built; a build that was interrupted goes on there
    packages/    the packages, once they are whole
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.folders import made_whole, remove_tree
from lttng_addon_kit.machine.process import Output, failed
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.distribution.built_kernel import BuiltKernel, missing_options
from lttng_addon_kit.target.vm.root import INSIDE, enter_root

# What the kernel's build needs beside what every target has.
BUILD_PACKAGES = (
    *("bc", "bison", "cpio", "dpkg-dev", "dwarves", "flex", "libelf-dev", "libssl-dev", "rsync", "xz-utils"),
)

_CONFIGURATION = "kit.config"
# A package of debugging symbols would be of some hundred megabytes, and one of user space's headers there already is.
_INSTALLED = ("linux-image-*", "linux-headers-*")
_LEFT_OUT = "*-dbg_*"
# The build says one line for each file that it compiles.
_COMPILES = "  CC "
_FILES_BETWEEN_REPORTS = 250


def kernel_packages(kernel: BuiltKernel, root: Path, builds: Path, progress: Progress) -> Path:
    """The folder of a kernel's packages; built where the cache does not have them, which takes long.

    Args:
        root: a root with `BUILD_PACKAGES`, and the kernel's source in /usr/src.
        builds: the folder of all kernels that were built.

    Raises:
        KitError: it does not compile, or there is an option that this source does not take.
    """
    source = root / f"usr/src/{kernel.source}.tar.xz"
    with source.open("rb") as file:
        key = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    room = builds / f"{kernel.flavour}-{kernel.recipe()}-{key}"
    packages = room / "packages"
    if not packages.exists():
        build = _Build(kernel, root, room / "work")
        with progress.step(f"Linux from {kernel.source}, which takes half an hour or more, once"):
            build.unpack(source)
            build.configure()
            build.compile(progress)
            build.keep(packages)
    return packages


class _Build:
    """One kernel's source, in a folder that is seen in the root while it is built."""

    def __init__(self, kernel: BuiltKernel, root: Path, work: Path) -> None:
        self._kernel = kernel
        self._root = root
        self._work = work

    def unpack(self, source: Path) -> None:
        if not self._work.exists():
            with made_whole(self._work) as folder:
                inside = f"/{source.relative_to(self._root)}"
                self._check(enter_root(self._root, ["tar", "-xf", inside], folder), "unpacking")

    def configure(self) -> None:
        wanted = self._kernel.configuration()
        (self._work / _CONFIGURATION).write_text(wanted, encoding="utf-8")
        self._make(f"KCONFIG_ALLCONFIG={INSIDE}/{_CONFIGURATION}", "allnoconfig", doing="configuring")
        got = (self._work / self._kernel.source / ".config").read_text(encoding="utf-8")
        if missing := missing_options(wanted, got):
            raise KitError(f"{self._kernel.source} does not take {', '.join(missing)}")

    def compile(self, progress: Progress) -> None:
        counted = _counted(progress)
        jobs = f"-j{os.cpu_count() or 1}"
        # -d: dpkg would ask for a C++ compiler, too, which no kernel needs.
        self._make(jobs, "KDEB_COMPRESS=none", "DPKG_FLAGS=-d", "bindeb-pkg", doing="building", on_line=counted)

    def keep(self, packages: Path) -> None:
        """Keep the packages only: the work is of some gigabytes."""
        with made_whole(packages) as folder:
            for pattern in _INSTALLED:
                for package in self._work.glob(f"{pattern}.deb"):
                    if not package.match(_LEFT_OUT):
                        package.rename(folder / package.name)
        remove_tree(self._work)

    def _make(self, *arguments: str, doing: str, on_line: Callable[[str], None] | None = None) -> None:
        argv = ["make", "-C", self._kernel.source, *arguments]
        self._check(enter_root(self._root, argv, self._work, on_line=on_line), doing)

    def _check(self, output: Output, doing: str) -> None:
        if output.status:
            raise failed(f"{doing} {self._kernel.source}", output)


def _counted(progress: Progress) -> Callable[[str], None]:
    """Says now and then how far a build is, by its lines."""
    begin = time.monotonic()
    compiled = 0

    def count(line: str) -> None:
        nonlocal compiled
        compiled += line.startswith(_COMPILES)
        if line.startswith(_COMPILES) and compiled % _FILES_BETWEEN_REPORTS == 0:
            progress.say(f"{compiled} files compiled in {(time.monotonic() - begin) / 60:.0f} min")

    return count


def install_packages(root: Path, packages: Path) -> None:
    """Install a kernel's packages in a root; the root's own hooks make its initrd.

    Raises:
        KitError: dpkg refuses them.
    """
    names: Sequence[str] = sorted(each.name for each in packages.glob("*.deb"))
    output = enter_root(root, ["dpkg", "--install", *names], packages, writable=True)
    if output.status:
        raise failed("installing the kernel", output)
