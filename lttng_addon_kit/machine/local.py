# SPDX-License-Identifier: GPL-2.0-only
"""This host as a machine: its own kernel, as root or by sudo."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.machine.process import (
    Limits,
    Output,
    Streams,
    TimeUp,
    execute,
    failed,
    find_program,
    need_program,
)
from lttng_addon_kit.machine.transfer import receive
from lttng_addon_kit.machine.watch import Watch


class LocalMachine:
    """See `Machine`; commands run through `sudo -n` where the user is not root.

    Args:
        as_root: whether they need to.
    """

    name = "local"

    def __init__(self, as_root: bool = True) -> None:
        self.kernel_release = platform.release()
        self.watch = Watch(self.name)
        self._as_root = [] if os.geteuid() == 0 or not as_root else [need_program("sudo"), "-n", "--"]

    def connect(self) -> None:
        """Check that commands can be run as root.

        Raises:
            KitError: sudo wants a password.
        """
        if execute([*self._as_root, need_program("true")]).status:
            raise KitError("sudo asks for a password", hint="run `sudo -v` first, then try again")

    def close(self) -> None:
        """Nothing was opened."""

    def run(
        self,
        *argv: str,
        check: bool = True,
        on_output: Callable[[str], None] | None = None,
        timeout: float | None = None,
    ) -> Output:
        """See `Machine.run`."""
        program = find_program(argv[0]) or Path(argv[0])
        if shutil.which(str(program)) is None and not self._as_root:
            output = Output(127, "", f"{argv[0]}: command not found")
        else:
            command = [*self._as_root, str(program), *argv[1:]]
            with self.watch.over(f"`{shlex.join(argv)}`", Limits(timeout)) as limits:
                output = execute(command, Streams(on_output, on_output), limits)
        if check and output.status:
            raise failed(shlex.join(argv), output)
        return output

    def run_all(self, commands: Sequence[Command], check: bool = True) -> list[Output]:
        """See `Machine.run_all`."""
        outputs = list[Output]()
        for command in commands:
            try:
                outputs.append(self.run(*command.argv, check=check and not command.may_fail))
            except TimeUp as error:
                raise command.explain(error) from None
            if outputs[-1].status and not command.may_fail:
                break
        return outputs

    def put(self, local: Path, remote: str) -> None:
        """See `Machine.put`."""
        if not local.exists():
            raise KitError(f"{local} does not exist")
        self.run("mkdir", "-p", remote if local.is_dir() else str(Path(remote).parent))
        source = f"{local}/." if local.is_dir() else str(local.resolve())
        self.run("cp", "--recursive", "--preserve=mode,timestamps", "--no-target-directory", "--", source, remote)

    def get(self, remote: str, local: Path) -> None:
        """See `Machine.get`."""
        path = Path(remote)
        packing = [*self._as_root, need_program("tar"), "-cf", "-", "-C", str(path.parent), f"./{path.name}"]

        def send(archive: IO[bytes]) -> Output:
            return execute(packing, Streams(stdout=archive))

        receive(send, path.name, local, remote)

    def get_offline(self, remote: str, local: Path) -> None:
        """See `Machine.get_offline`."""
        raise KitError("this host answers: its disk is not read from outside")

    def kernel_log(self) -> str:
        """See `Machine.kernel_log`."""
        return self.run("dmesg").stdout
