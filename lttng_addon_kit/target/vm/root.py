# SPDX-License-Identifier: GPL-2.0-only
"""A root file system in a folder of the host's: entered by bubblewrap, and prepared to be a machine.

Nothing here needs root: as an ordinary user the files are the user's own, and the image made of them gives
them to root.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.machine.process import Output, Streams, execute, need_program

# Where a folder of the host's is seen inside the root.
INSIDE = "/mnt"

# The first process of a machine.
INIT = Path(__file__).with_name("guest") / "init"

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
    """A root with a kernel, its headers, a compiler, LTTng and the source of lttng-modules.

    Attributes:
        folder: where it is on the host.
        kernel_release: its kernel's `uname -r`.
        vmlinuz, initrd: what boots it.
        sources: the folder of the kernel's headers.
        lttng_modules: the source of lttng-modules, a folder `lttng-modules-VERSION`.
    """

    folder: Path
    kernel_release: str
    vmlinuz: Path
    initrd: Path
    sources: Path
    lttng_modules: Path

    @property
    def modules(self) -> Path:
        """The kernel's modules."""
        return self.folder / "lib/modules" / self.kernel_release

    def enter(self, argv: Sequence[str], folder: Path | None = None, writable: bool = False) -> Output:
        """Run a program in the root (see `enter_root`)."""
        return enter_root(self.folder, argv, folder, writable)


def enter_root(
    root: Path,
    argv: Sequence[str],
    folder: Path | None = None,
    writable: bool = False,
    on_line: Callable[[str], None] | None = None,
) -> Output:
    """Run a program in a root, without network, seeing nothing of the host but `folder`.

    Args:
        root: the folder of the root file system.
        folder: seen as `INSIDE`, writable; the program starts in it.
        writable: whether the root itself may be changed.
        on_line: gets each line of its standard output as it comes.
    """
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
    seen = ["--bind", str(folder), INSIDE, "--chdir", INSIDE] if folder else []
    return execute(
        [
            need_program("bwrap"),
            "--unshare-all", "--die-with-parent", "--uid", "0", "--gid", "0",
            "--bind" if writable else "--ro-bind", str(root), "/",
            "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
            *seen, "--", *argv,
        ],
        Streams(on_stdout=on_line),
        environment=environment,
    )  # fmt: skip


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
    _write(root.folder / "usr/sbin/lttng-addon-init", INIT.read_text(), 0o755)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.unlink(missing_ok=True)  # it may be a link into the host, as /etc/hosts of some roots is
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
