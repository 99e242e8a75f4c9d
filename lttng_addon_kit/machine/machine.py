# SPDX-License-Identifier: GPL-2.0-only
"""The interface of everything that runs a kernel and takes commands and files.

It is implemented by local.py (this host) and ssh.py (virtual machines, and hosts that ssh reaches).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.machine.process import Output
from lttng_addon_kit.machine.watch import Watch

# As a command's time: as long as it takes, or until Ctrl-C.
FOREVER = math.inf


class Machine(Protocol):
    """A running kernel that takes commands as root.

    Attributes:
        name: what people call it ("bookworm", "local", "ssh:rack7").
        kernel_release: its `uname -r`.
        watch: sees to it that nothing on it is waited for for ever.
    """

    @property
    def name(self) -> str: ...

    @property
    def kernel_release(self) -> str: ...

    @property
    def watch(self) -> Watch: ...

    def run(
        self,
        *argv: str,
        check: bool = True,
        on_output: Callable[[str], None] | None = None,
        timeout: float | None = None,
    ) -> Output:
        """Run one command to its end; no shell sees its arguments.

        Args:
            argv: the program and its arguments, each reaching it as it is.
            check: a status other than 0 is an error.
            on_output: gets each line of both outputs as it comes, without its line end.
            timeout: seconds that it may take; None: what the machine's commands have (see `Watch`).

        Raises:
            TimeUp: it took too long.
            KernelBroke: the machine's kernel did, meanwhile.
            KitError: it failed (`check`), or the machine is out of reach.
            KeyboardInterrupt: Ctrl-C; the command on the machine was ended too.
        """
        ...

    def run_all(self, commands: Sequence[Command], check: bool = True) -> list[Output]:
        """Run commands one after the other, to the first that fails and may not: where it is far, in one round trip.

        Each has the time of a command of its own.

        Args:
            check: such a failure is an error.

        Returns:
            The result of each command that was run; with `check`, of all.

        Raises:
            TimeUp, KernelBroke, KitError, KeyboardInterrupt: as `run`.
        """
        ...

    def put(self, local: Path, remote: str) -> None:
        """Copy a file, or a whole folder, to the path `remote`; create the folders above it.

        Overwrites what exists; a folder's content is added to what the folder has.

        Raises:
            KitError: `local` does not exist, or there is no room on the machine.
        """
        ...

    def get(self, remote: str, local: Path) -> None:
        """Copy a file or a whole folder of the machine's to the path `local`, which must not exist yet.

        Raises:
            KitError: `remote` does not exist, or there is no room here.
        """
        ...

    def get_offline(self, remote: str, local: Path) -> None:
        """Copy a folder as `get` does from the disk of a machine that no longer answers; it is ended for that.

        Raises:
            KitError: its disk can't be read from here, or has no such folder.
        """
        ...

    def kernel_log(self) -> str:
        """The kernel's messages: on a virtual machine those since it was started, else since boot."""
        ...
