# SPDX-License-Identifier: GPL-2.0-only
"""Lines of babeltrace2's text, made readable: addresses as addresses, no hidden lengths, nothing a terminal obeys.

babeltrace2 prints a million events in about a second, Python some five times as long: so its text is edited, whole
blocks at once, and line by line only where a line has something to edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from lttng_addon_kit.terminal import printable
from lttng_addon_kit.trace.column import Field
from lttng_addon_kit.trace.event_batch import Addresses
from lttng_addon_kit.trace.rendering import address_text

EditLines = Callable[[bytes], bytes]

_CONTROLS = bytes([*range(10), *range(11, 32), 127])
_ARRAY = b" = [ [0] = "
_LENGTH = b"_length = "
# A text is matched first, so that nothing in it is taken for a field; LTTng precedes a sequence NAME by _NAME_length.
_PARTS = re.compile(
    r'"(?:[^"\\]|\\.)*"'
    r"|(?<= )_(?P<sized>\w+)_length = \d+, (?=(?P=sized) = )"
    r"|(?<= )(?P<array>\w+) = \[ (?P<elements>\[0\] = (?:0x)?[0-9A-F]+(?:, \[\d+\] = (?:0x)?[0-9A-F]+)*) \]"
)
_EVENT = re.compile(r" (?P<event>\S+): \{ ")


def line_editor(addresses: Addresses) -> EditLines:
    """Make what edits whole lines of events.

    Args:
        addresses: which fields are addresses, and of which kind, by event and field; of other events the names and
            lengths of fields decide.
    """
    known = {event: {name.rsplit(".", 1)[-1]: kind for name, kind in of.items()} for event, of in addresses.items()}

    def edit(lines: bytes) -> bytes:
        has_parts = _ARRAY in lines or _LENGTH in lines
        if not has_parts and lines.isascii() and len(lines.translate(None, _CONTROLS)) == len(lines):
            return lines
        text = lines.decode("utf-8", errors="backslashreplace")
        return "".join(_edited(line, known) for line in text.split("\n")).encode()[:-1]

    return edit


def _edited(line: str, known: Addresses) -> str:
    """A line, and the newline after it."""
    if " = [ [0] = " in line or "_length = " in line:
        event = _EVENT.search(line) if known else None
        line = _PARTS.sub(partial(_part, known.get(event["event"]) if event else None), line)
    return (line if line.isprintable() else printable(line, keep="\t")) + "\n"


def _part(addresses: Mapping[str, str] | None, part: re.Match[str]) -> str:
    if part["sized"]:
        return ""
    name = part["array"]
    if not name:
        return part[0]
    address = _address(name, part["elements"], None if addresses is None else addresses.get(name, ""))
    return f"{name} = {address}" if address else part[0]


@lru_cache(maxsize=4096)
def _address(name: str, elements: str, kind: str | None) -> str:
    """The address that an array is, "" if it is none; the same few come again and again."""
    values = tuple(int(element.split(" = ")[1], 0) for element in elements.split(", "))
    return address_text(Field(name, "array", address=kind), values)
