# SPDX-License-Identifier: GPL-2.0-only
"""The `lttng` command line of a machine, with its machine interface (`lttng --mi xml`) read into plain data.

The text that `lttng` prints differs between versions; the machine interface does not (lttng(1), "--mi").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command, Late
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Output

# What a kernel session takes; the first starts the second with the first channel.
_DAEMONS = ("lttng-sessiond", "lttng-consumerd")
_OF_RECORDING = ("load", "stop", "list", "destroy")
# lttng(1) 2.15: CTF 2 became the default format, which babeltrace2 2.0 can't read.
_FIRST_VERSION_WITH_FORMATS = (2, 15)

# What LTTng's own count had too much in a lossy recording (2.13.9): its consumer takes a count that got smaller for one
# that overflowed, and adds this.
_WRAP = 1 << 63


@dataclass(frozen=True)
class Loss:
    """What a channel had to throw away because its sub-buffers were full."""

    discarded_events: int
    lost_packets: int


class Lttng:
    """The tracer of one machine.

    Args:
        machine: where `lttng` runs, as a user whom the root session daemon obeys.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @cached_property
    def version(self) -> str:
        """The version of lttng-tools, as in "2.13.9"."""
        found = self._call("version").find(".//{*}version/{*}string")
        if found is None or not found.text:
            raise KitError(f"lttng on {self._machine.name} does not say its version")
        return found.text

    @property
    def trace_format(self) -> str:
        """CTF 1.8, as a session's description has it; "" where there is no other one."""
        major, minor = self.version.split(".")[:2]
        return "CTF_1_8" if (int(major), int(minor)) >= _FIRST_VERSION_WITH_FORMATS else ""

    def load(self, session: str, description: str) -> None:
        """Create a session, and start it.

        Args:
            session: its name.
            description: the path on the machine of what `LttngSession.description` gave.
        """
        self._call("load", f"--input-path={description}", session)

    def stop(self, session: str) -> Loss:
        """Stop recording; returns what was lost when the sub-buffers are on disk."""
        _, listing = self._call_all(("stop", session), ("list", session))
        return _loss(listing)

    def destroy(self, session: str) -> None:
        """Destroy a session; its trace stays."""
        self._call("destroy", session)

    def _call(self, *words: str) -> ElementTree.Element:
        return self._call_all(words)[0]

    def _call_all(self, *calls: tuple[str, ...]) -> list[ElementTree.Element]:
        """Commands of lttng's, to the first that fails, and what each answers.

        Raises:
            KitError: one failed; with what it said.
        """
        outputs = self._machine.run_all([self._command(words) for words in calls], check=False)
        return [self._answer(words[0], output) for words, output in zip(calls, outputs, strict=False)]

    def _answer(self, word: str, output: Output) -> ElementTree.Element:
        try:
            answer = ElementTree.fromstring(output.stdout)
        except ElementTree.ParseError as problem:
            if not output.status:
                raise KitError(f"lttng {word} answered no XML: {problem}", details=output.stdout) from None
        else:
            if not output.status and _succeeded(answer):
                return answer
        because = "".join(f", as {each} has ended there" for each in self._missing_daemons(word)[:1])
        said = output.stderr or output.stdout
        raise KitError(f"lttng {word} failed on {self._machine.name}{because}", details=said)

    def _command(self, words: tuple[str, ...]) -> Command:
        what = f"lttng {words[0]}: the session daemon of {self._machine.name} does not answer"
        hint = "it is stopped (ps -C lttng-sessiond), or waits for the kernel (dmesg)"
        return Command(("lttng", "--mi", "xml", *words), late=Late(what, hint))

    def _missing_daemons(self, word: str) -> list[str]:
        needed = _DAEMONS if word in _OF_RECORDING else _DAEMONS[:1]
        return [each for each in needed if self._machine.run("pidof", each, check=False).status]


def _loss(listing: ElementTree.Element) -> Loss:
    """What all channels of a session have discarded so far, by `lttng list`."""
    return Loss(_sum(listing, "discarded_events") % _WRAP, _sum(listing, "lost_packets"))


def _succeeded(answer: ElementTree.Element) -> bool:
    """Whether a command says that it did: `load` returns 0 all the same, in 2.13 and later."""
    success = answer.find("{*}success")
    return success is None or success.text == "true"


def _sum(tree: ElementTree.Element, tag: str) -> int:
    return sum(int(found.text or 0) for found in tree.iter() if found.tag.rpartition("}")[2] == tag)
