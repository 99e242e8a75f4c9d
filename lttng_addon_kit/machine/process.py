# SPDX-License-Identifier: GPL-2.0-only
"""Runs programs of this host to their end, whatever happens meanwhile (by the package `sh`)."""

from __future__ import annotations

import logging
import math
import os
import select
import shlex
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import sh

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.interrupts import interrupts_held_back
from lttng_addon_kit.unforeseen import COMMANDS

# Administrators' programs are here, which is not in every user's PATH.
_MORE_FOLDERS = ("/usr/sbin", "/sbin")

# Long enough for most programs to end tidily, short enough to wait for after Ctrl-C.
_SECONDS_TO_END = 3.0

# Each program that was run and how it ended; the last of them are in reports of mistakes.
_COMMANDS = logging.getLogger(COMMANDS)

# How often a wait looks at what else there is to see.
_SECONDS_BETWEEN_LOOKS = 0.5

_EVERY_STATUS = list(range(-64, 256))


@dataclass(frozen=True)
class Output:
    """The result of a command: its exit status (negative: the signal that ended it) and its text."""

    status: int
    stdout: str
    stderr: str


class MissingProgram(KitError):
    """A program of this host that is not installed.

    Args:
        program: its name.
        hint: the command that installs it, where the caller knows it.
    """

    def __init__(self, program: str, hint: str = "") -> None:
        super().__init__(f"{program} is not installed", hint=hint or "lttng-addon doctor shows how to install it")
        self.program = program


class TimeUp(KitError):
    """A program took longer than it may."""


@dataclass(frozen=True)
class Streams:
    """Where a program's input comes from and its output goes.

    Attributes:
        on_stdout, on_stderr: get each line as it comes, without its line end.
        stdin, stdout: open files to connect instead; stdin is closed afterwards, nothing of stdout is kept.
    """

    on_stdout: Callable[[str], None] | None = None
    on_stderr: Callable[[str], None] | None = None
    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None

    def bytes_copied(self) -> int:
        """How far the program is in the files that are connected to it: they share their places with it."""
        files = [file for file in (self.stdin, self.stdout) if file and not file.closed]
        return sum(os.lseek(file.fileno(), 0, os.SEEK_CUR) for file in files)


@dataclass(frozen=True)
class Limits:
    """How long a program may take, and how it ends when it must end early.

    Attributes:
        timeout: seconds that it may take.
        on_abandon: called before the program is ended early (what it started elsewhere needs ending too).
        seconds_to_end: how long it may tidy up when it is ended early.
        on_wait: called now and then while it runs; what it raises ends the program.
    """

    timeout: float | None = None
    on_abandon: Callable[[], None] | None = None
    seconds_to_end: float = _SECONDS_TO_END
    on_wait: Callable[[], None] | None = None


CAPTURED = Streams()
UNLIMITED = Limits()


def find_program(name: str) -> Path | None:
    """Where a program is, or None."""
    found = shutil.which(name) or shutil.which(name, path=":".join(_MORE_FOLDERS))
    return Path(found) if found else None


def need_program(name: str) -> str:
    """The path of a program.

    Raises:
        MissingProgram: it is not installed.
    """
    path = find_program(name)
    if path is None:
        raise MissingProgram(name)
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
    streams: Streams = CAPTURED,
    limits: Limits = UNLIMITED,
    environment: Mapping[str, str] | None = None,
) -> Output:
    """Run a program to its end; on Ctrl-C or when its time is up, end it first.

    Args:
        argv: the program (see `need_program`) and its arguments.
        environment: the whole environment; None: the kit's own.

    Raises:
        TimeUp: it took longer than it may.
    """
    out, err = _Collected(streams.on_stdout), _Collected(streams.on_stderr)
    # Never the kit's own input; and `sh` is slow to end where it has to feed a pipe.
    with streams.stdin or Path(os.devnull).open("rb") as source, interrupts_held_back() as let_them_in:
        process = sh.Command(argv[0])(
            *argv[1:],
            _in=source,
            _out=out.take if streams.stdout is None else streams.stdout,
            _err=err.take,
            _env=dict(environment) if environment is not None else None,
            _bg=True,
            _bg_exc=False,
            _new_session=True,  # Ctrl-C on the terminal reaches the kit alone, which ends the program in its order
            _preexec_fn=let_them_in,
            _tty_out=False,
            _ok_code=_EVERY_STATUS,
            _decode_errors="replace",
        )
        try:
            let_them_in()
            _wait(process, limits, Path(argv[0]).name)
        except BaseException:
            _abandon(process, limits)
            raise
    _COMMANDS.debug("status %s: %s", process.exit_code, shlex.join(argv))
    return Output(process.exit_code, out.text(), err.text())


def succeed(
    argv: Sequence[str],
    doing: str,
    streams: Streams = CAPTURED,
    limits: Limits = UNLIMITED,
    environment: Mapping[str, str] | None = None,
) -> Output:
    """Run a program as `execute` does, where failing is an error.

    Args:
        doing: what it is for, as in "making the disk image".

    Raises:
        KitError: it failed; with the end of what it said.
    """
    output = execute(argv, streams, limits, environment)
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


def _wait(process: sh.RunningCommand, limits: Limits, program: str) -> None:
    """Wait until a program has ended and all that it printed is read.

    `sh` has a wait with a limit too, which does not wait for its threads that read.
    """
    deadline = time.monotonic() + (limits.timeout if limits.timeout is not None else math.inf)
    while not _ends(process, min(_SECONDS_BETWEEN_LOOKS, max(0.0, deadline - time.monotonic()))):
        if limits.on_wait:
            limits.on_wait()
        if time.monotonic() >= deadline:
            raise TimeUp(f"{program} did not end within {limits.timeout:g} s")
    process.wait()


def _ends(process: sh.RunningCommand, seconds: float) -> bool:
    """Wait for a process' end without taking its status, which is for `sh`."""
    try:
        ended = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(ended)


def _abandon(process: sh.RunningCommand, limits: Limits) -> None:
    """End a process and its group: ask first, then kill."""
    try:
        if limits.on_abandon:
            limits.on_abandon()
    finally:
        try:
            process.signal_group(signal.SIGTERM)
            process.wait(timeout=limits.seconds_to_end)
        except sh.TimeoutException:
            process.kill_group()
            if _ends(process, limits.seconds_to_end):  # else the kernel holds it: it is left to it
                process.wait()
        except ProcessLookupError:
            process.wait()
