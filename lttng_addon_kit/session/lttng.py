# SPDX-License-Identifier: GPL-2.0-only
"""The `lttng` command line of a machine, with its machine interface (`lttng --mi xml`) read into plain data.

The text that `lttng` prints differs between versions; the machine interface does not (lttng(1), "--mi").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import TimeUp

# The one that `lttng enable-event` would create by itself.
_CHANNEL = "channel0"
# How much a machine that dies takes with it: buffers that are not full go to the disk as often.
_SWITCH_MICROSECONDS = 1_000_000
# What a kernel session takes; the first starts the second with the first channel.
_DAEMONS = ("lttng-sessiond", "lttng-consumerd")
_OF_RECORDING = ("start", "stop", "list", "destroy")
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

    def create(self, session: str, output: str) -> None:
        """Create a session that writes CTF 1.8 below the folder `output` of the machine, once a second at least."""
        major, minor = self.version.split(".")[:2]
        has_formats = (int(major), int(minor)) >= _FIRST_VERSION_WITH_FORMATS
        trace_format = ["--trace-format=ctf-1.8"] if has_formats else []
        self._call("create", session, f"--output={output}", *trace_format)
        switch = f"--switch-timer={_SWITCH_MICROSECONDS}"
        self._call("enable-channel", "--kernel", f"--session={session}", switch, _CHANNEL)

    def enable_events(self, session: str, names: Iterable[str]) -> None:
        """Enable kernel events by name; the probe of each is attached from here on."""
        self._call("enable-event", "--kernel", f"--session={session}", f"--channel={_CHANNEL}", ",".join(names))

    def start(self, session: str) -> None:
        """Start recording."""
        self._call("start", session)

    def stop(self, session: str) -> None:
        """Stop recording; returns when the sub-buffers are on disk."""
        self._call("stop", session)

    def destroy(self, session: str) -> None:
        """Destroy a session; its trace stays."""
        self._call("destroy", session)

    def loss(self, session: str) -> Loss:
        """What all channels of a session have discarded so far."""
        listing = self._call("list", session)
        return Loss(_sum(listing, "discarded_events") % _WRAP, _sum(listing, "lost_packets"))

    def _call(self, *words: str) -> ElementTree.Element:
        """One command of lttng's.

        Raises:
            KitError: it failed; with what it said.
        """
        try:
            output = self._machine.run("lttng", "--mi", "xml", *words, check=False)
        except TimeUp as error:
            what = f"lttng {words[0]}: the session daemon of {self._machine.name} does not answer"
            hint = "it is stopped (ps -C lttng-sessiond), or waits for the kernel (dmesg)"
            raise TimeUp(f"{what}: {error.message}", hint=hint, details=error.details) from None
        if output.status:
            because = "".join(f", as {each} has ended there" for each in self._missing_daemons(words[0])[:1])
            said = output.stderr or output.stdout
            raise KitError(f"lttng {words[0]} failed on {self._machine.name}{because}", details=said)
        try:
            return ElementTree.fromstring(output.stdout)
        except ElementTree.ParseError as problem:
            raise KitError(f"lttng {words[0]} answered no XML: {problem}", details=output.stdout) from None

    def _missing_daemons(self, word: str) -> list[str]:
        needed = _DAEMONS if word in _OF_RECORDING else _DAEMONS[:1]
        return [each for each in needed if self._machine.run("pidof", each, check=False).status]


def _sum(tree: ElementTree.Element, tag: str) -> int:
    return sum(int(found.text or 0) for found in tree.iter() if found.tag.rpartition("}")[2] == tag)
