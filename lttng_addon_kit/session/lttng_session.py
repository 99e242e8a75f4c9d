# SPDX-License-Identifier: GPL-2.0-only
"""An LTTng session as `lttng load` takes it: XML by lttng-tools' src/common/session.xsd, in every version since 2.13.

Loading creates the session, its channel and its events by one command. And only so can a channel be said not to be a
live one: `lttng enable-channel` leaves that member of its request unset (-1), and the session daemon of 2.16.0 takes
such a channel for a live one. The consumer then waits for the metadata at each packet, and for ever when the session is
destroyed meanwhile; it holds locks that the next `lttng start` needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

_CHANNEL = {
    "name": "channel0",
    "enabled": "true",
    "overwrite_mode": "DISCARD",
    # How much a machine that dies takes with it: buffers that are not full go to the disk as often (microseconds).
    "switch_timer_interval": "1000000",
    "read_timer_interval": "200000",
    "output_type": "SPLICE",
    "live_timer_interval": "0",
    # Only triggers use what it measures.
    "monitor_timer_interval": "0",
}


@dataclass(frozen=True)
class LttngSession:
    """A session that records kernel events from its loading on.

    Attributes:
        name: the session's.
        output: the folder on the machine that it writes to.
        events: the names of the events.
        trace_format: as in "CTF_1_8"; "": LTTng has one format only.
    """

    name: str
    output: str
    events: Sequence[str]
    trace_format: str = ""

    def description(self) -> str:
        """The file that `lttng load` reads."""
        sessions = ElementTree.Element("sessions")
        session = ElementTree.SubElement(sessions, "session")
        _add(session, {"name": self.name, "started": "true"})
        if self.trace_format:
            _add(session, {"trace_format": self.trace_format})
        domain = _nested(session, "domains", "domain")
        _add(domain, {"type": "KERNEL", "buffer_type": "GLOBAL"})
        channel = _nested(domain, "channels", "channel")
        _add(channel, _CHANNEL)
        events = ElementTree.SubElement(channel, "events")
        for event in self.events:
            _add(ElementTree.SubElement(events, "event"), {"name": event, "enabled": "true", "type": "TRACEPOINT"})
        output = _nested(session, "output", "consumer_output")
        _add(output, {"enabled": "true"})
        _add(ElementTree.SubElement(output, "destination"), {"path": self.output})
        text: str = ElementTree.tostring(sessions, encoding="unicode")
        return text


def _nested(parent: ElementTree.Element, outer: str, inner: str) -> ElementTree.Element:
    return ElementTree.SubElement(ElementTree.SubElement(parent, outer), inner)


def _add(parent: ElementTree.Element, texts: Mapping[str, str]) -> None:
    for tag, text in texts.items():
        ElementTree.SubElement(parent, tag).text = text
