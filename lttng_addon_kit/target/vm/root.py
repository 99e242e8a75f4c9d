"""A Debian root file system of our own: made by mmdebstrap, prepared to be a machine, entered by bubblewrap.

Nothing here needs root: as an ordinary user the files are the user's own, and the image made of them gives
them to root.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Output
from lttng_addon_kit.machine.process import execute, failed, need_program, succeed
from lttng_addon_kit.target.releases import LTTNG_MODULES_PACKAGE, PACKAGES, Release

# Where a folder of the host's is seen inside the root.
INSIDE = "/mnt"

_SOURCES = "usr/src"

# `apt-get download` and dpkg's unpacking leave nothing configured, so that no dkms builds anything.
_DOWNLOAD_LTTNG_MODULES = (
    f'chroot "$1" sh -ec "cd /tmp; apt-get download {LTTNG_MODULES_PACKAGE}; '
    f'dpkg -x {LTTNG_MODULES_PACKAGE}_*.deb /; rm {LTTNG_MODULES_PACKAGE}_*.deb"'
)

# What nobody reads in a machine that is never logged in to for long.
_LEFT_OUT = ("/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*", "/usr/share/info/*")

# It removes the half-made root then, of some hundred megabytes.
_SECONDS_TO_TIDY = 30.0

# As apt says it.
_NO_NETWORK = (
    "Temporary failure resolving",
    "Could not resolve",
    "Unable to connect",
    "Could not connect",
    "Connection timed out",
    "Network is unreachable",
)

_SSHD_CONFIG = """\
# Only root, only with the key made for this machine.
PermitRootLogin prohibit-password
PasswordAuthentication no
# What costs an emulated processor time and gives nothing on a loopback port.
UsePAM no
UseDNS no
PrintMotd no
HostKey /etc/ssh/ssh_host_ed25519_key
# A recording fetched by several copies at once.
MaxSessions 64
"""

# `localhost` is IPv4 alone, so that `ping localhost` says the same everywhere.
_HOSTS = """\
127.0.0.1 localhost {name}
::1 ip6-localhost ip6-loopback
"""


@dataclass(frozen=True)
class Root:
    """A Debian root file system in a folder of the host's."""

    folder: Path

    @property
    def kernel_release(self) -> str:
        """The release of its newest kernel (Debian's minimal root has but one)."""
        releases = sorted(each.name for each in (self.folder / "lib/modules").iterdir())
        return releases[-1]

    @property
    def vmlinuz(self) -> Path:
        return self.folder / "boot" / f"vmlinuz-{self.kernel_release}"

    @property
    def initrd(self) -> Path:
        return self.folder / "boot" / f"initrd.img-{self.kernel_release}"

    @property
    def modules(self) -> Path:
        return self.folder / "lib/modules" / self.kernel_release

    @property
    def lttng_modules(self) -> Path:
        """The source of lttng-modules, `usr/src/lttng-modules-VERSION`."""
        return next((self.folder / _SOURCES).glob("lttng-modules-*"))

    def enter(self, argv: Sequence[str], folder: Path | None = None, writable: bool = False) -> Output:
        """Run a program in the root, without network, seeing nothing of the host but `folder`.

        Args:
            folder: seen as `INSIDE`, writable; the program starts in it.
            writable: whether the root itself may be changed.
        """
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
        seen = ["--bind", str(folder), INSIDE, "--chdir", INSIDE] if folder else []
        return execute(
            [
                need_program("bwrap"),
                "--unshare-all", "--die-with-parent", "--uid", "0", "--gid", "0",
                "--bind" if writable else "--ro-bind", str(self.folder), "/",
                "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
                *seen, "--", *argv,
            ],
            environment=environment,
        )  # fmt: skip


def make_root(release: Release, folder: Path) -> Root:
    """Debian `release` with a kernel, its headers, a compiler and LTTng, in a folder that is made.

    Raises:
        KitError: no mmdebstrap, no network, no room.
    """
    archive = folder.with_suffix(".tar")
    left_out = [f"--dpkgopt=path-exclude={each}" for each in _LEFT_OUT]
    try:
        output = execute(
            [
                *_alone(), need_program("mmdebstrap"),
                "--variant=minbase", "--format=tar", '--aptopt=APT::Install-Recommends "false"',
                *left_out, *release.mmdebstrap_options,
                f"--include={','.join(PACKAGES)}", f"--customize-hook={_DOWNLOAD_LTTNG_MODULES}",
                release.name, str(archive),
            ],
            environment=_environment(folder.parent),
            seconds_to_end=_SECONDS_TO_TIDY,
        )  # fmt: skip
        if output.status:
            raise _not_made(release, output)
        unpack(archive, folder)
    finally:
        archive.unlink(missing_ok=True)
    return Root(folder)


def _alone() -> list[str]:
    """As root mmdebstrap mounts proc, sys and others in the half-made root. In namespaces of its own its
    mounts and processes end with it, however it ends: no folder is left that can't be removed.

    An ordinary user's mmdebstrap is in namespaces anyway.
    """
    if os.geteuid():
        return []
    death = [need_program("setpriv"), "--pdeathsig", "KILL", "--"]
    return [*death, need_program("unshare"), "--mount-proc", "--pid", "--kill-child", "--"]


def _environment(room: Path) -> dict[str, str]:
    """mmdebstrap's: as root it works in our own folder, which is removed whatever happens.

    In a user namespace it is another user, who may not enter our folder and whose files we may not remove.
    """
    return {**os.environ, "TMPDIR": str(room)} if os.geteuid() == 0 else dict(os.environ)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a root; devices, which only root could make, are the running kernel's business anyway."""
    folder.mkdir()
    options = ["-C", str(folder), "--numeric-owner", "--exclude=./dev/*"]
    succeed([need_program("tar"), "-xpf", str(archive), *options], "unpacking Debian")


def prepare_root(root: Root, name: str, host_key: Path, user_key: Path) -> None:
    """Make a root ready to be booted: names, ssh, first process.

    Args:
        name: the host name.
        host_key: the private key of the machine's ssh server; its public half is beside it (`.pub`).
        user_key: the public key that may log in as root.
    """
    etc = root.folder / "etc"
    _write(etc / "hostname", f"{name}\n")
    _write(etc / "hosts", _HOSTS.format(name=name))
    _write(etc / "fstab", "/dev/vda / ext4 defaults 0 0\n")
    for key in (etc / "ssh").glob("ssh_host_*"):
        key.unlink()
    _write(etc / "ssh/ssh_host_ed25519_key", host_key.read_text(), 0o600)
    _write(etc / "ssh/ssh_host_ed25519_key.pub", host_key.with_suffix(".pub").read_text())
    _write(etc / "ssh/sshd_config.d/lttng-addon-kit.conf", _SSHD_CONFIG)
    ssh = root.folder / "root/.ssh"
    ssh.mkdir(mode=0o700, exist_ok=True)
    _write(ssh / "authorized_keys", user_key.read_text(), 0o600)
    init = (Path(__file__).parent / "guest/init").read_text()
    _write(root.folder / "usr/sbin/lttng-addon-init", init, 0o755)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.unlink(missing_ok=True)  # it may be a link into the host, as /etc/hosts of some roots is
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def _not_made(release: Release, output: Output) -> KitError:
    error = failed(f"mmdebstrap of Debian {release.name}", output)
    if any(each in output.stderr for each in _NO_NETWORK):
        return KitError(
            f"Debian's mirror can't be reached, so that {release.name} can't be made",
            hint="see that the network is up; what was made before needs none",
            details=error.details,
        )
    if os.geteuid() and "unshare" in output.stderr:
        error.hint = "sudo apt install uidmap; see also that /etc/subuid names you"
    return error
