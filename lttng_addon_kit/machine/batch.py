# SPDX-License-Identifier: GPL-2.0-only
"""Several commands in one go: one round trip to a machine, each command with its own status, outputs and time."""

from __future__ import annotations

import re
import shlex
import textwrap
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.process import Output, TimeUp


@dataclass(frozen=True)
class Late:
    """What it means where a command takes too long, in the user's words; `hint` is the cause."""

    what: str
    hint: str

    def explain(self, error: TimeUp) -> TimeUp:
        """The error with that."""
        return TimeUp(f"{self.what}: {error.message}", hint=self.hint, details=error.details)


@dataclass(frozen=True)
class Command:
    """A program and its arguments, each reaching it as it is.

    Attributes:
        may_fail: the next ones are run whatever its status is.
        late: for the error where it takes too long.
    """

    argv: tuple[str, ...]
    may_fail: bool = False
    late: Late | None = None

    def explain(self, error: TimeUp) -> TimeUp:
        """The error for this command, which took too long."""
        return self.late.explain(error) if self.late else error


def shown(argv: Sequence[str]) -> str:
    """A command as messages show it: its first line, and not all of a long one."""
    line = shlex.join(argv) if len(argv) > 1 else argv[0]
    return f"`{textwrap.shorten(line, 100, placeholder=' ...')}`"


class CommandBatch:
    """Commands as one script of sh(1), and their answers in what it prints.

    A line that nobody can foresee ends each command's part of both outputs. As text, it is the command that runs.

    Args:
        commands: one at least.

    Attributes:
        done: how many of them have ended.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self.done = 0
        self._commands = commands
        self._mark = uuid.uuid4().hex

    def __str__(self) -> str:
        return shown(self.current.argv)

    @property
    def current(self) -> Command:
        """The command that runs."""
        return self._commands[min(self.done, len(self._commands) - 1)]

    def script(self) -> str:
        """Runs them in order, to the first one that fails and may not."""
        ends = f"end() {{ printf '\\n{self._mark} %d\\n' $1; printf '\\n{self._mark} %d\\n' $1 >&2; }}"
        return "\n".join([ends, *map(_line, self._commands), "exit 0"])

    def take(self, line: str) -> None:
        """Take a line that the script prints to its standard output."""
        self.done += line.startswith(self._mark)

    def outputs(self, printed: Output) -> list[Output]:
        """The result of each command that was run.

        Raises:
            KitError: the script was ended before it was through.
        """
        end = re.compile(rf"\n{self._mark} (\d+)\n")
        *answers, rest = zip(*(_parts(end.split(text)) for text in (printed.stdout, printed.stderr)), strict=False)
        outputs = [Output(int(status), out, err) for (out, status), (err, _) in answers]
        failed = bool(outputs) and outputs[-1].status and not self._commands[len(outputs) - 1].may_fail
        if len(outputs) < len(self._commands) and not failed:
            said = "".join(text for text, _ in rest)
            raise KitError(f"{self} was ended from outside (status {printed.status})", details=said)
        return outputs


def _line(command: Command) -> str:
    then = "" if command.may_fail else '; [ "$status" = 0 ] || exit 0'
    return f"{shlex.join(command.argv)}; status=$?; end $status{then}"


def _parts(split: list[str]) -> list[tuple[str, str]]:
    """Texts with the status that follows each; none follows the last."""
    return [*zip(split[::2], [*split[1::2], ""], strict=True)]
