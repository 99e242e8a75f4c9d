"""The Debian releases that a virtual machine can be of: what differs between them is data, all of it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What a machine is made of beside Debian's minimal system. lttng-modules is not in it: its package would
# build all of upstream's probes, any of which a point release of the kernel can break.
PACKAGES = (
    # Newer releases would take dracut, whose initrd starts a whole systemd: 20 s more, emulated.
    "initramfs-tools",
    "linux-image-cloud-amd64",
    "linux-headers-cloud-amd64",
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

# Its source alone is downloaded and unpacked.
LTTNG_MODULES_PACKAGE = "lttng-modules-dkms"


@dataclass(frozen=True)
class Release:
    """One Debian release.

    Attributes:
        name: Debian's name for it.
        emulated_cpu: the processor that QEMU emulates.
        mmdebstrap_options: what this release wants beside the common ones.
    """

    name: str
    emulated_cpu: str = "max"
    mmdebstrap_options: tuple[str, ...] = ()


# QEMU 7.2 computes the flags of cmpxchg16b wrongly when it emulates; kernels from 6.12 on use it in the
# allocator and oops during boot. They do without it on a processor that has none.
_NO_CMPXCHG16B = "max,-cx16"

RELEASES: Mapping[str, Release] = {
    each.name: each
    for each in (
        Release("bookworm"),
        Release("trixie", _NO_CMPXCHG16B),
        # Mirrors of a moving release may serve an index whose validity has ended.
        Release("sid", _NO_CMPXCHG16B, ('--aptopt=Acquire::Check-Valid-Until "false"',)),
    )
}
