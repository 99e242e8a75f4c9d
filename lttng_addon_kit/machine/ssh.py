# SPDX-License-Identifier: GPL-2.0-only
"""Machines reached by ssh: any host of ~/.ssh/config, and the virtual machines that the kit starts.

One connection is kept open (ssh_config(5), ControlMaster) and every command goes through it: a new connection
to an emulated machine costs a second, a command over an open one a tenth of that.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command, CommandBatch, shown
from lttng_addon_kit.machine.process import (
    CAPTURED,
    UNLIMITED,
    Limits,
    Output,
    Streams,
    TimeUp,
    execute,
    failed,
    need_program,
)
from lttng_addon_kit.machine.ssh_words import path_option
from lttng_addon_kit.machine.transfer import receive
from lttng_addon_kit.machine.watch import Watch

# ssh(1): "exits with the exit status of the remote command or with 255 if an error occurred".
_SSH_FAILED = 255

# What the folders of the connections' sockets are called; the id of the process that has one follows.
_SOCKETS = "lttng-addon-ssh-"

# A socket's path has room for 107 bytes (unix(7)); 17 of them are a suffix of ssh's, the rest the folder's name.
_LONGEST_TEMPORARY = 55
_SHORT_TEMPORARY = "/tmp"

# The remote shell leads a session of its own, so that its process id names all that it starts.
_SAY_PROCESS_ID = "echo $$; exec "
_END_GROUP = """kill -TERM -- -{0} || exit 0
for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 -- -{0} 2>/dev/null || exit 0; sleep 0.1; done
kill -KILL -- -{0} 2>/dev/null; true"""

# For what only closes or checks the connection here.
_BRIEFLY = Limits(2)


def _no_disk(remote: str, local: Path) -> None:
    raise KitError("its disk can't be read from here")


@dataclass(frozen=True)
class Aftermath:
    """What can be learnt of a machine that went away.

    Attributes:
        find_cause: tells why, once it has; "" when the cause is unknown.
        read_disk: copies a folder from its disk; raises a KitError where it can't.
    """

    find_cause: Callable[[], str] = lambda: ""
    read_disk: Callable[[str, Path], None] = _no_disk


_UNKNOWN = Aftermath()


class SshMachine:
    """A machine at the other end of an ssh connection.

    Args:
        name: what people call the machine.
        host: the host as ssh knows it.
        options: more of ssh's options, as in ["-p", "2222", "-i", "key"].
        aftermath: what can be learnt of it once it went away.
        console: the file that gets what its kernel prints, if there is one.

    Use it as a context: the connection is opened on entering, closed on leaving.
    """

    def __init__(
        self,
        name: str,
        host: str,
        options: Sequence[str] = (),
        aftermath: Aftermath = _UNKNOWN,
        console: Path | None = None,
    ) -> None:
        self.watch = Watch(name, console)
        self.name = name
        self.kernel_release = ""
        self._host = host
        self.options = list(options)
        self._aftermath = aftermath
        self._sockets = ""
        self._as_root: list[str] = []

    def connect(self, patience: float = 0) -> None:
        """Open the connection, trying again for `patience` seconds while there is no answer.

        Raises:
            KitError: there is no answer, the key is refused, or the user there is neither root nor may use
                sudo.
        """
        self._sockets = _make_socket_folder()
        try:
            self._open_connection(time.monotonic() + patience)
            self._learn_about_host()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the commands that run over it end with it."""
        if self._sockets:
            with suppress(KitError):
                execute([*self._ssh(), "-O", "exit", self._host], limits=_BRIEFLY)
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = ""

    def __enter__(self) -> SshMachine:
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        *argv: str,
        check: bool = True,
        on_output: Callable[[str], None] | None = None,
        timeout: float | None = None,
    ) -> Output:
        """See `Machine.run`."""
        streams = Streams(on_output, on_output)
        result = self._run_group(argv, shown(argv), streams, timeout)
        if check and result.status:
            raise failed(f"{shlex.join(argv)} on {self.name}", result)
        return result

    def run_all(self, commands: Sequence[Command], check: bool = True) -> list[Output]:
        """See `Machine.run_all`."""
        batch = CommandBatch(commands)
        try:
            printed = self._run_group(
                ("sh", "-c", batch.script()), batch, Streams(batch.take), copied=lambda: batch.done
            )
        except TimeUp as error:
            raise batch.current.explain(error) from None
        outputs = batch.outputs(printed)
        command = commands[len(outputs) - 1]
        if check and outputs[-1].status and not command.may_fail:
            raise failed(f"{shlex.join(command.argv)} on {self.name}", outputs[-1])
        return outputs

    def _run_group(
        self,
        argv: Sequence[str],
        doing: object,
        streams: Streams,
        timeout: float | None = None,
        copied: Callable[[], int] | None = None,
    ) -> Output:
        """Run a command as root, in a process group that ends with it where its time is up (see `Watch.over`)."""
        process_id: list[str] = []

        def take_stdout(line: str) -> None:
            if not process_id:
                process_id.append(line)
            elif streams.on_stdout:
                streams.on_stdout(line)

        def end_remote() -> None:
            self.watch.hurry()
            with suppress(KitError):
                if process_id:
                    self._remote(_END_GROUP.format(int(process_id[0])), limits=_BRIEFLY)

        with self.watch.over(doing, Limits(timeout, end_remote), copied) as limits:
            output = execute(
                self._command(_SAY_PROCESS_ID + shlex.join([*self._as_root, *argv])),
                Streams(take_stdout, streams.on_stderr),
                limits,
            )
        self._check_connection(output)
        return Output(output.status, output.stdout.partition("\n")[2], output.stderr)

    def put(self, local: Path, remote: str) -> None:
        """See `Machine.put`."""
        if not local.exists():
            raise KitError(f"{local} does not exist")
        target = shlex.quote(remote)
        parent = shlex.quote(str(PurePosixPath(remote).parent))
        if local.is_dir():
            with _packed(local) as archive:
                output = self._remote(
                    f"mkdir -p {target} && tar -xf - -C {target} --no-same-owner", Streams(stdin=archive)
                )
        else:
            mode = local.stat().st_mode & 0o777
            with local.open("rb") as content:
                output = self._remote(
                    f"mkdir -p {parent} && cat > {target} && chmod {mode:o} {target}", Streams(stdin=content)
                )
        if output.status:
            raise failed(f"copying {local} to {remote} on {self.name}", output)

    def get(self, remote: str, local: Path) -> None:
        """See `Machine.get`."""
        path = PurePosixPath(remote)
        packing = f"tar -cf - -C {shlex.quote(str(path.parent))} {shlex.quote('./' + path.name)}"

        def send(archive: IO[bytes]) -> Output:
            return self._remote(packing, Streams(stdout=archive))

        receive(send, path.name, local, f"{remote} on {self.name}")

    def get_offline(self, remote: str, local: Path) -> None:
        """See `Machine.get_offline`."""
        self._aftermath.read_disk(remote, local)

    def kernel_log(self) -> str:
        """See `Machine.kernel_log`."""
        return self.run("dmesg").stdout

    def interactive_command(self) -> list[str]:
        """The command that opens a shell on the machine, over the open connection."""
        return [*self._ssh(), "-t", self._host]

    def _open_connection(self, deadline: float) -> None:
        master = [*self._ssh(), "-M", "-N", "-f", self._host]
        while True:
            output = execute(master, limits=Limits(60))
            if not output.status:
                return
            if time.monotonic() > deadline or self._aftermath.find_cause():
                raise KitError(
                    f"cannot reach {self.name} by ssh",
                    hint=f"check that `ssh {self._host} true` works without a question" if not self.options else "",
                    details="\n".join(filter(None, [output.stderr.strip(), self._aftermath.find_cause()])),
                )
            time.sleep(0.1)

    def _learn_about_host(self) -> None:
        begun = time.monotonic()
        said = self._remote("id -u; uname -r").stdout.split()
        self.watch.answered(time.monotonic() - begun)
        if len(said) != 2:
            raise KitError(f"{self.name} has no shell that understands `id -u; uname -r`")
        user, self.kernel_release = said
        if user != "0":
            self._as_root = ["sudo", "-n", "--"]
            if self._remote("sudo -n true").status:
                raise KitError(
                    f"the user of ssh on {self.name} is neither root nor allowed to use sudo without a password",
                    hint="set `User root` for it in ~/.ssh/config, or let the user use sudo (NOPASSWD)",
                )

    def _ssh(self) -> list[str]:
        return [
            need_program("ssh"),
            *path_option("ControlPath", PurePosixPath(self._sockets, "s")),
            # The machine gets nothing of this host's: no agent, no display, no ports.
            "-o", "ForwardAgent=no",
            "-o", "ForwardX11=no",
            "-o", "ClearAllForwardings=yes",
            "-o", "BatchMode=yes",
            "-o", "ConnectTimeout=30",
            # A machine that stays silent for so long is gone; an emulated one may well be busy for some seconds.
            "-o", "ServerAliveInterval=5",
            "-o", "ServerAliveCountMax=6",
            "-o", "LogLevel=ERROR",
            *self.options,
        ]  # fmt: skip

    def _command(self, line: str) -> list[str]:
        return [*self._ssh(), "-T", self._host, line]

    def _remote(self, line: str, streams: Streams = CAPTURED, limits: Limits = UNLIMITED) -> Output:
        """Run a line of the kit's own shell as root; everything from outside in it went through `shlex`."""
        as_root = f"{shlex.join(self._as_root)} sh -c {shlex.quote(line)}" if self._as_root else line
        copied = streams.bytes_copied if streams.stdin or streams.stdout else None
        with self.watch.over(shown([line]), limits, copied) as watched:
            output = execute(self._command(as_root), streams, watched)
        self._check_connection(output)
        return output

    def _check_connection(self, output: Output) -> None:
        """Tell a lost connection from a command that returns 255 itself."""
        if output.status != _SSH_FAILED:
            return
        if execute([*self._ssh(), "-O", "check", self._host], limits=_BRIEFLY).status or self._aftermath.find_cause():
            self.watch.give_up()
            raise KitError(
                f"the connection to {self.name} was lost", details=self._aftermath.find_cause() or output.stderr.strip()
            )


def _make_socket_folder() -> str:
    """Create a folder for the connection's socket; remove on the way those of processes that were killed."""
    temporary = tempfile.gettempdir()
    if len(os.fsencode(temporary)) > _LONGEST_TEMPORARY:
        temporary = _SHORT_TEMPORARY
    for old in Path(temporary).glob(f"{_SOCKETS}*"):
        process_id = old.name.removeprefix(_SOCKETS).partition("-")[0]
        if not Path("/proc", process_id).exists():
            shutil.rmtree(old, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{_SOCKETS}{os.getpid()}-", dir=temporary)


@contextmanager
def _packed(folder: Path) -> Iterator[IO[bytes]]:
    """A folder's content as tar(1) writes it, ready to be read."""
    with tempfile.TemporaryFile() as archive:
        output = execute([need_program("tar"), "-cf", "-", "-C", str(folder), "."], Streams(stdout=archive))
        if output.status:
            raise failed(f"reading {folder}", output)
        archive.seek(0)
        yield archive
