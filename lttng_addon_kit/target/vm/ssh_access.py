# SPDX-License-Identifier: GPL-2.0-only
"""How a virtual machine is reached: with keys of its own, by ssh on a port of this host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lttng_addon_kit.machine.process import need_program, succeed
from lttng_addon_kit.machine.ssh import Aftermath, SshMachine
from lttng_addon_kit.machine.ssh_words import path_option
from lttng_addon_kit.target.vm.offline_disk import copy_from_image
from lttng_addon_kit.target.vm.qemu import Disk, Vm

_LOGIN = "root@127.0.0.1"


@dataclass(frozen=True)
class SshAccess:
    """The keys for a target's machines.

    Attributes:
        name: the target's, which the host key is pinned to.
        keys: the folder that has them.
    """

    name: str
    keys: Path

    @property
    def host_key(self) -> Path:
        """The private key of the machine's ssh server; its public half is beside it (`.pub`)."""
        return self.keys / "host"

    @property
    def user_key(self) -> Path:
        """The public key that may log in as root."""
        return self.keys / "user.pub"

    def make_keys(self) -> None:
        """Create the keys, in a new folder."""
        self.keys.mkdir(mode=0o700)
        for name in ("host", "user"):
            options = ["-q", "-t", "ed25519", "-N", "", "-C", self.name, "-f", str(self.keys / name)]
            succeed([need_program("ssh-keygen"), *options], "making a key")
        public_key = self.host_key.with_suffix(".pub").read_text()
        (self.keys / "known_hosts").write_text(f"{self.name} {public_key}")

    @contextmanager
    def connect(self, vm: Vm, disk: Disk, patience: float) -> Iterator[SshMachine]:
        """Connect to a machine; the connection is open while inside.

        Args:
            disk: what it writes to.
            patience: seconds to wait for its ssh server.
        """

        def read_disk(remote: str, local: Path) -> None:
            vm.quit()
            copy_from_image(disk.image, PurePosixPath(remote), local)

        machine = SshMachine(self.name, _LOGIN, self._options(vm.port), Aftermath(vm.why_gone, read_disk), vm.console)
        machine.connect(patience)
        try:
            yield machine
        finally:
            machine.close()

    def shell_command(self, port: int) -> list[str]:
        """The command that opens a shell on the machine behind a port."""
        return [need_program("ssh"), *self._options(port), "-t", _LOGIN]

    def _options(self, port: int) -> list[str]:
        """ssh's options: this machine, this key, this host key; the user's own settings do not apply."""
        return [
            "-F", "none", "-p", str(port), *path_option("IdentityFile", self.keys / "user"),
            "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none",
            "-o", f"HostKeyAlias={self.name}", "-o", "StrictHostKeyChecking=yes",
            *path_option("UserKnownHostsFile", self.keys / "known_hosts"), "-o", "GlobalKnownHostsFile=none",
            # The default exchange (with a post-quantum part) takes an emulated processor a second.
            "-o", "KexAlgorithms=curve25519-sha256",
        ]  # fmt: skip
