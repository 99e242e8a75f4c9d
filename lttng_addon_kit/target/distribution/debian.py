# SPDX-License-Identifier: GPL-2.0-only
"""Debian: its releases, packages and folders, and how a root file system of it is made.

Nothing here needs root: as an ordinary user the root's files are the user's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Limits, Output, execute, failed, need_program, succeed
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.target.architecture.architecture import Architecture
from lttng_addon_kit.target.distribution.built_kernel import BuiltKernel
from lttng_addon_kit.target.distribution.distribution import Release
from lttng_addon_kit.target.distribution.kernel_packages import BUILD_PACKAGES, install_packages, kernel_packages
from lttng_addon_kit.target.vm.root import Root

# Debian's package of each thing that the kit needs on a host, by the kit's word for it: programs, and what has no
# program of its own.
_PACKAGES: Mapping[str, str] = {
    "bt2": "python3-bt2",
    "bwrap": "bubblewrap",
    "kernel headers": "linux-headers-{kernel_release}",
    "lttng": "lttng-tools",
    "lttng-modules": "lttng-modules-dkms",
    "mke2fs": "e2fsprogs",
    "debugfs": "e2fsprogs",
    "newuidmap": "uidmap",
    "qemu-img": "qemu-utils",
    "qemu-system-x86_64": "qemu-system-x86",
    "setpriv": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "unshare": "util-linux",
}

# Sources are only downloaded and unpacked. lttng-modules as an installed package would build all of upstream's probes,
# any of which a point release of the kernel can break; `apt-get download` and dpkg's unpacking configure nothing, so
# dkms builds nothing.
_DOWNLOAD = 'chroot "$1" sh -ec "cd /tmp; apt-get download {0}; dpkg -x {0}_*.deb /; rm {0}_*.deb"'
_LTTNG_MODULES = "lttng-modules-dkms"

# What nobody reads in a machine that is never logged in to for long.
_LEFT_OUT = ("/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*", "/usr/share/info/*")

# mmdebstrap removes the half-made root then, of some hundred megabytes, where only it can.
_SECONDS_TO_TIDY = 30.0
_NO_TIME = 0.1

# As apt says it.
_NO_NETWORK = (
    "Temporary failure resolving",
    "Could not resolve",
    "Unable to connect",
    "Could not connect",
    "Connection timed out",
    "Network is unreachable",
)


class Debian:
    """See `Distribution`."""

    name = "Debian"
    maker = "mmdebstrap"
    sources = "/usr/src"

    def packages(self, release: Release, architecture: Architecture) -> tuple[str, ...]:
        """See `Distribution.packages`."""
        own = (f"linux-image-cloud-{architecture.debian}", f"linux-headers-cloud-{architecture.debian}")
        return (
            # Newer releases would take dracut, whose initrd starts a whole systemd: 20 s more, emulated.
            "initramfs-tools",
            *(BUILD_PACKAGES if release.kernel else own),
            "gcc",
            "make",
            "libc6-dev",
            "lttng-tools",
            "openssh-server",
            "iproute2",
            "iputils-ping",
            "kmod",
            "udev",
            "procps",
            "python3",
            "python3-numpy",
        )

    def make_root(self, release: Release, architecture: Architecture, folder: Path) -> None:
        """See `Distribution.make_root`."""
        archive = folder.with_suffix(".tar")
        left_out = [f"--dpkgopt=path-exclude={each}" for each in _LEFT_OUT]
        sources = [_LTTNG_MODULES, *([release.kernel.source] if release.kernel else [])]
        try:
            output = execute(
                [
                    *_alone(), need_program(self.maker),
                    "--variant=minbase", "--format=tar", '--aptopt=APT::Install-Recommends "false"',
                    *left_out, *release.maker_options,
                    f"--include={','.join(self.packages(release, architecture))}",
                    *(f"--customize-hook={_DOWNLOAD.format(each)}" for each in sources),
                    release.suite, str(archive),
                ],
                limits=Limits(seconds_to_end=_SECONDS_TO_TIDY if os.geteuid() else _NO_TIME),
                environment=_environment(folder.parent),
            )  # fmt: skip
            if output.status:
                raise _explained(release, output)
            _unpack(archive, folder)
        finally:
            archive.unlink(missing_ok=True)

    def install_kernel(self, kernel: BuiltKernel, folder: Path, builds: Path, progress: Progress) -> None:
        """See `Distribution.install_kernel`."""
        install_packages(folder, kernel_packages(kernel, folder, builds, progress))
        (folder / f"usr/src/{kernel.source}.tar.xz").unlink()

    def describe_root(self, folder: Path) -> Root:
        """See `Distribution.describe_root`."""
        # The newest kernel, though Debian's minimal root has but one.
        kernel_release = max(each.name for each in (folder / "lib/modules").iterdir())
        return Root(
            folder=folder,
            kernel_release=kernel_release,
            vmlinuz=folder / f"boot/vmlinuz-{kernel_release}",
            initrd=folder / f"boot/initrd.img-{kernel_release}",
            sources=folder / "usr/src",
            lttng_modules=next((folder / "usr/src").glob("lttng-modules-*")),
        )

    def find_headers(self, sources: Path, kernel_release: str, architecture: Architecture) -> tuple[Path, ...]:
        """See `Distribution.find_headers`.

        What the kernel's build generates is in linux-headers-RELEASE, the rest in linux-headers-VERSION-common, or all
        of it in the one folder linux-headers-RELEASE.
        """
        flavour = sources / f"linux-headers-{kernel_release}"
        commons = sorted(sources.glob(f"linux-headers-{_version(kernel_release)}*-common"))
        common = commons[0] if commons else flavour
        arch = f"arch/{architecture.linux}/include"
        # LINUXINCLUDE of the kernel's Makefile.
        folders = [common / each for each in (arch, "include", f"{arch}/uapi", "include/uapi")]
        generated = (f"{arch}/generated", "include", f"{arch}/generated/uapi", "include/generated/uapi")
        folders += [flavour / each for each in generated]
        return tuple(dict.fromkeys(each for each in folders if each.is_dir()))

    def header_folders(self, machine: Machine) -> list[str]:
        """See `Distribution.header_folders`."""
        build = f"/lib/modules/{machine.kernel_release}/build"
        flavour = machine.run("readlink", "--canonicalize", build).stdout.strip()
        find = ["find", self.sources, "-maxdepth", "1", "-name", "linux-headers-*-common"]
        return [flavour, *machine.run(*find).stdout.split()]

    def lttng_source(self, version: str) -> str:
        """See `Distribution.lttng_source`."""
        return f"{self.sources}/lttng-modules-{version}"

    def install_command(self, what: str, kernel_release: str = "") -> str:
        """See `Distribution.install_command`."""
        return f"sudo apt install {_PACKAGES.get(what, what).format(kernel_release=kernel_release)}"


DEBIAN = Debian()


def _checked(flavour: str, sanitizers: str) -> BuiltKernel:
    """The smallest kernel that the tests run on, with everything on that finds mistakes."""
    return BuiltKernel(flavour, "linux-source-6.1", ("small.config", "checks.config", sanitizers))


# QEMU 7.2 computes the flags of cmpxchg16b wrongly when it emulates; kernels from 6.12 on use it in the
# allocator and oops during boot. They do without it on a processor that has none.
_NO_CMPXCHG16B: Mapping[str, Sequence[str]] = {"x86_64": ("cx16",)}
# Mirrors of a moving release may serve an index whose validity has ended.
_MOVING = ('--aptopt=Acquire::Check-Valid-Until "false"',)

RELEASES = (
    Release("bookworm", DEBIAN, "bookworm"),
    Release("trixie", DEBIAN, "trixie", _NO_CMPXCHG16B),
    Release("sid", DEBIAN, "sid", _NO_CMPXCHG16B, _MOVING),
    # For what addons and the kit's own kernel code do wrong without anybody's noticing.
    Release("debug", DEBIAN, "bookworm", kernel=_checked("debug", "sanitizers.config"), slowness=6),
    Release("debug-kcsan", DEBIAN, "bookworm", kernel=_checked("kcsan", "kcsan.config"), slowness=6),
)


def _version(kernel_release: str) -> str:
    """`6.1.0-56-cloud-amd64` -> `6.1.0-56`; `7.2.13+deb14-cloud-amd64` -> `7.2.13+deb14`."""
    parts = kernel_release.split("-")
    return "-".join(parts[:2]) if len(parts) > 1 and parts[1].isdigit() else parts[0]


def _alone() -> list[str]:
    """Namespaces for mmdebstrap, which as root mounts proc, sys and others in the half-made root: its mounts and
    processes end with it, however it ends, and no folder is left that can't be removed.

    It is the first process of its namespace there, and so deaf to signals until it has handlers for them.
    An ordinary user's mmdebstrap is in namespaces anyway.
    """
    if os.geteuid():
        return []
    death = [need_program("setpriv"), "--pdeathsig", "KILL", "--"]
    return [*death, need_program("unshare"), "--mount-proc", "--pid", "--kill-child", "--"]


def _environment(room: Path) -> dict[str, str]:
    """mmdebstrap's: as root it works in the kit's own folder, which is removed whatever happens.

    In a user namespace it is another user, who may not enter that folder and whose files the kit may not remove.
    """
    return {**os.environ, "TMPDIR": str(room)} if os.geteuid() == 0 else dict(os.environ)


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack a root; devices, which only root could create, are the running kernel's business anyway."""
    folder.mkdir()
    options = ["-C", str(folder), "--numeric-owner", "--exclude=./dev/*"]
    succeed([need_program("tar"), "-xpf", str(archive), *options], "unpacking Debian")


def _explained(release: Release, output: Output) -> KitError:
    """The error for a root that could not be made, with the cause where it is known."""
    error = failed(f"mmdebstrap of Debian {release.suite}", output)
    if any(each in output.stderr for each in _NO_NETWORK):
        return KitError(
            f"cannot reach Debian's mirror, so {release.name} cannot be created",
            hint="check the network; targets that exist need none",
            details=error.details,
        )
    if os.geteuid() and "unshare" in output.stderr:
        error.hint = f"{DEBIAN.install_command('newuidmap')}; check also that /etc/subuid names you"
    return error
