# SPDX-License-Identifier: GPL-2.0-only
"""Looks after one machine while commands run on it: nothing is waited for for ever, and its kernel is heard.

A command may take `patience` seconds. Once one took longer, Ctrl-C was pressed, or the kernel broke, those that tidy
up have a moment each; and once one of these does not end either, no more are sent.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.kernel_log import find_problems
from lttng_addon_kit.machine.process import UNLIMITED, Limits, TimeUp

# On a machine that answers at once; a slower one (emulated, far away, busy) is given more, in proportion.
_PATIENCE = 60.0
_LONGEST_PATIENCE = 180.0
_ANSWERS_WAITED_FOR = 300

# What a command may take once the run is to end: Ctrl-C ends all within 5 s.
_MOMENT = 3.0

# When a wait is first spoken of, and then again.
_SECONDS_UNTIL_SAID = 10

# The kernel goes on after these, but the task that it happened to is gone, with the locks that it held.
_BREAKS = re.compile(
    r"\bOops\b|\bkernel BUG at\b|\bKernel panic\b|unable to handle\b|general protection fault|double fault",
    re.IGNORECASE,
)
# A host that was busy or asleep for a while makes the kernel say this once; it says it again of what is stuck.
_STUCK = re.compile(
    r"soft lockup|hard LOCKUP|rcu\w*:? INFO:.*stall|detected.*stall|blocked for more than", re.IGNORECASE
)
_TIMES_STUCK = 2

# How soon the kernel is heard.
_SECONDS_BETWEEN_LOOKS = 0.5

# A report of an oops is a hundred lines, which take an emulated serial line a moment. A task that dies in a probe may
# make the kernel report without end.
_SECONDS_OF_REPORT = 0.3
_PARTS_OF_REPORT = 5
_WHOLE_REPORT = 200
_REPORTS_SAID = 10


class KernelBroke(KitError):
    """The kernel of a machine reported what it does not get over; `report` is the whole of it.

    Args:
        machine: the machine's name.
        report: the first one, as `find_problems` gives it.
    """

    def __init__(self, machine: str, report: str) -> None:
        super().__init__(
            f"the kernel of {machine} broke: {_first_line(report)}", details="\n".join(find_problems(report))
        )
        self.report = report


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _nobody(line: str) -> None:
    pass


@dataclass
class Watch:
    """What is known of a machine while it is used.

    Attributes:
        name: the machine's.
        console: the file that gets what its kernel prints; None: its log is read at the end only.
        say: gets what a user should know at once.
        patience: the seconds that a command may take.
        read: how many bytes of the console are read.
        ends_with_run: whether the machine is gone after the run, with all that is on it.
    """

    name: str
    console: Path | None = None
    say: Callable[[str], None] = _nobody
    patience: float = _PATIENCE
    read: int = 0
    ends_with_run: bool = False
    _interrupted: bool = field(default=False, init=False)
    _hurried: bool = field(default=False, init=False)
    _given_up: bool = field(default=False, init=False)
    _broke: bool = field(default=False, init=False)
    _reports: list[str] = field(default_factory=list, init=False)

    def answered(self, seconds: float) -> None:
        """Take from the time of a first, trivial command how slow the machine is."""
        self.patience = min(_LONGEST_PATIENCE, max(_PATIENCE, seconds * _ANSWERS_WAITED_FOR))

    def hurry(self) -> None:
        """From now on, each command has a moment."""
        self._hurried = True

    def interrupt(self) -> None:
        """Ctrl-C was pressed: hurry, and leave to the machine's end what ends with it."""
        self._interrupted = True
        self.hurry()

    def give_up(self) -> None:
        """From now on, send the machine no command: it does not answer."""
        self._given_up = True

    @contextmanager
    def over(
        self, doing: object, limits: Limits = UNLIMITED, copied: Callable[[], int] | None = None
    ) -> Iterator[Limits]:
        """Watch over one command: the limits to run it with.

        Args:
            doing: what its text is at the time is the command, for messages.
            limits: those of its own; without a time, the machine's patience is its time, and infinity is as long as
                it takes.
            copied: how many bytes it has copied so far, or how far else it is: its time begins again whenever there
                are more.

        Raises:
            TimeUp: it took too long; with what the kernel reported meanwhile.
            KernelBroke: the kernel did, meanwhile.
            KitError: the machine was given up before.
        """
        if self._given_up:
            raise KitError(f"{self.name} no longer answers", details="\n".join(self._reports[:_REPORTS_SAID]))
        wait = _Wait(self, doing, self._time_for(limits), copied)
        was_hurried = self._hurried
        try:
            yield replace(limits, timeout=None, on_wait=wait.look)
            self.look()
        except KeyboardInterrupt:
            self.interrupt()
            raise
        except TimeUp:
            # A first one may be the command's own fault; ending it has hurried already.
            self._given_up = self._given_up or was_hurried
            self.hurry()
            raise

    def wait(self, seconds: float) -> None:
        """Wait, and say what the kernel reports meanwhile.

        Raises:
            KernelBroke: it did.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SECONDS_BETWEEN_LOOKS))
            self.look()

    def look(self) -> None:
        """Say what the kernel has reported since the last look.

        Raises:
            KernelBroke: it reported what it does not get over; raised once.
        """
        text = self._new_text()
        if not find_problems(text):
            return
        text += self._rest_of_report()
        found = find_problems(text, _WHOLE_REPORT)
        for report in found[: max(0, _REPORTS_SAID - len(self._reports))]:
            self.say(f"The kernel of {self.name}: {_first_line(report)}")
        self._reports += found
        breaking = next((report for report in found if _BREAKS.search(report)), None) or self._stuck()
        if breaking and not self._broke:
            self._broke = True
            self.hurry()
            raise KernelBroke(self.name, breaking)

    @property
    def tidies(self) -> bool:
        """Whether what was left on the machine is worth the time to remove it."""
        return not (self.ends_with_run and self._interrupted)

    @property
    def broke(self) -> bool:
        """Whether the kernel reported what it does not get over."""
        return self._broke

    @property
    def reports(self) -> list[str]:
        """What the kernel has reported so far."""
        return list(self._reports)

    def _time_for(self, limits: Limits) -> float:
        seconds = self.patience if limits.timeout is None else limits.timeout
        return min(seconds, _MOMENT) if self._hurried else seconds

    def _stuck(self) -> str | None:
        """The report that was the second of its kind: whatever it is about is still stuck."""
        seen: Counter[str] = Counter()
        for report in self._reports:
            if found := _STUCK.search(report):
                seen[found[0].lower()] += 1
                if seen[found[0].lower()] == _TIMES_STUCK:
                    return report
        return None

    def _rest_of_report(self) -> str:
        rest = ""
        for _ in range(_PARTS_OF_REPORT):
            time.sleep(_SECONDS_OF_REPORT)
            more = self._new_text()
            if not more:
                break
            rest += more
        return rest

    def _new_text(self) -> str:
        """The whole lines that the console got since the last time."""
        if self.console is None:
            return ""
        with self.console.open("rb") as console:
            console.seek(self.read)
            text, newline, _ = console.read().rpartition(b"\n")
        self.read += len(text) + len(newline)
        return text.decode(errors="replace")


@dataclass
class _Wait:
    """One command that is waited for."""

    watch: Watch
    doing: object
    seconds: float
    copied: Callable[[], int] | None
    _begun: float = field(default_factory=time.monotonic, init=False)
    _bytes: int = field(default=0, init=False)
    _said: float = field(default=0.0, init=False)

    def look(self) -> None:
        """See how far it is; say what is waited for, and end it when its time is up."""
        self.watch.look()
        if self.copied and (now := self.copied()) != self._bytes:
            self._bytes, self._begun, self._said = now, time.monotonic(), 0.0
        waited = time.monotonic() - self._begun
        if waited >= self.seconds:
            details = "\n".join(find_problems("\n".join(self.watch.reports[:_REPORTS_SAID])))
            raise TimeUp(f"{self.doing} on {self.watch.name} did not end within {self.seconds:g} s", details=details)
        if waited >= self._said + _SECONDS_UNTIL_SAID and self.seconds != float("inf"):
            self._said = waited
            self.watch.say(f"Waiting for {self.doing} on {self.watch.name}, for at most {self.seconds:g} s ...")
