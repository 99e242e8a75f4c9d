"""Programs of this host, run by the package `sh` to their end, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import sh

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.interrupts import interrupts_held_back
from lttng_addon_kit.machine.machine import Output

# The Debian package of each program that the kit runs on this host.
PACKAGES: Mapping[str, str] = {
    "babeltrace2": "babeltrace2",
    "bpftool": "bpftool",
    "bwrap": "bubblewrap",
    "mke2fs": "e2fsprogs",
    "mmdebstrap": "mmdebstrap",
    "newuidmap": "uidmap",
    "qemu-img": "qemu-utils",
    "qemu-system-x86_64": "qemu-system-x86",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sudo": "sudo",
    "tar": "tar",
}

# Debian keeps administrators' programs here, which is not in every user's PATH.
_MORE_FOLDERS = ("/usr/sbin", "/sbin")

# Long enough for most programs to end tidily, short enough to wait for after Ctrl-C.
_SECONDS_TO_END = 3.0

_EVERY_STATUS = list(range(-64, 256))


def find_program(name: str) -> Path | None:
    """Where a program is, or None."""
    found = shutil.which(name) or shutil.which(name, path=":".join(_MORE_FOLDERS))
    return Path(found) if found else None


def install_command(program: str) -> str:
    """The command that brings a program that is missing."""
    return f"sudo apt install {PACKAGES.get(program, program)}"


def need_program(name: str) -> str:
    """The path of a program.

    Raises:
        KitError: it is not installed; with the command that installs it.
    """
    path = find_program(name)
    if path is None:
        raise KitError(f"{name} is not installed", hint=install_command(name))
    return str(path)


@dataclass
class _Collected:
    """One output, kept whole and handed on line by line."""

    on_line: Callable[[str], None] | None
    lines: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        self.lines.append(line)
        if self.on_line:
            self.on_line(line.removesuffix("\n"))

    def text(self) -> str:
        return "".join(self.lines)


def execute(
    argv: Sequence[str],
    *,
    on_stdout: Callable[[str], None] | None = None,
    on_stderr: Callable[[str], None] | None = None,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
    timeout: float | None = None,
    environment: Mapping[str, str] | None = None,
    on_abandon: Callable[[], None] | None = None,
    seconds_to_end: float = _SECONDS_TO_END,
) -> Output:
    """Run a program to its end; when we are interrupted or time is up, end it first.

    Args:
        argv: the program (see `need_program`) and its arguments.
        on_stdout, on_stderr: get each line as it comes, without its line end.
        stdin, stdout: open files to connect instead; stdin is closed afterwards, nothing of stdout is kept.
        timeout: seconds that it may take.
        environment: the whole environment; None: ours.
        on_abandon: called before the program is ended early (what it started elsewhere needs ending too).
        seconds_to_end: how long it may tidy up when it is ended early.

    Raises:
        KitError: the time is up.
    """
    out, err = _Collected(on_stdout), _Collected(on_stderr)
    # Never our own input; and `sh` is slow to end where it has to feed a pipe.
    with stdin or Path(os.devnull).open("rb") as source, interrupts_held_back() as let_them_in:
        process = sh.Command(argv[0])(
            *argv[1:],
            _in=source,
            _out=out.take if stdout is None else stdout,
            _err=err.take,
            _env=dict(environment) if environment is not None else None,
            _bg=True,
            _bg_exc=False,
            _new_session=True,  # Ctrl-C on the terminal reaches us alone: we end it, in our order
            _preexec_fn=let_them_in,
            _tty_out=False,
            _ok_code=_EVERY_STATUS,
            _decode_errors="replace",
        )
        try:
            let_them_in()
            process.wait(timeout=timeout)
        except sh.TimeoutException:
            _abandon(process, on_abandon, seconds_to_end)
            raise KitError(f"{Path(argv[0]).name} did not end within {timeout:g} s") from None
        except BaseException:
            _abandon(process, on_abandon, seconds_to_end)
            raise
    return Output(process.exit_code, out.text(), err.text())


def succeed(argv: Sequence[str], doing: str, **options: object) -> Output:
    """`execute`, where failing is an error.

    Args:
        doing: what it is for, as in "making the disk image".

    Raises:
        KitError: it failed; with the end of what it said.
    """
    output = execute(argv, **options)  # type: ignore[arg-type]
    if output.status:
        raise failed(doing, output)
    return output


def failed(doing: str, output: Output) -> KitError:
    """The error for a program that failed, with the end of what it said and the cause where it is known."""
    said = _end_of((output.stderr or output.stdout).splitlines())
    hint = "make room on the disk, then try again" if "No space left on device" in said else ""
    return KitError(f"{doing} failed with status {output.status}", hint=hint, details=said)


def _end_of(lines: Iterable[str], count: int = 20) -> str:
    return "\n".join(list(lines)[-count:])


def _abandon(process: sh.RunningCommand, on_abandon: Callable[[], None] | None, seconds_to_end: float) -> None:
    """End a process and its group: asked first, then made to."""
    try:
        if on_abandon:
            on_abandon()
    finally:
        try:
            process.signal_group(signal.SIGTERM)
            process.wait(timeout=seconds_to_end)
        except sh.TimeoutException:
            process.kill_group()
            process.wait()
        except ProcessLookupError:
            process.wait()
