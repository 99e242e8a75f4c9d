# SPDX-License-Identifier: GPL-2.0-only
"""Lines of babeltrace2's text, made readable: addresses, labels, no hidden lengths, nothing that a terminal obeys.

babeltrace2 prints a million events in about a second, Python some five times as long: so its text is edited, whole
blocks at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from lttng_addon_kit.terminal import printable
from lttng_addon_kit.trace.column import Field
from lttng_addon_kit.trace.event_batch import Addresses
from lttng_addon_kit.trace.rendering import address_text

EditLines = Callable[[bytes], bytes]

_CONTROLS = bytes([*range(10), *range(11, 32), 127])
# Without any of these, a line has nothing to edit.
_SIGNS = (b" = [ [0] = ", b"_length = ", b" : container = ")
# Each part begins with a character that few places have, which keeps the search fast. A text is matched first, so that
# nothing in it is taken for a field; LTTng precedes a sequence NAME by _NAME_length.
_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_PARTS = re.compile(
    rf"{_TEXT}"
    r"| = \[ (?P<elements>\[0\] = [0-9][][0-9A-Fx=, ]*?) \]"
    rf"|\( (?P<labels><unknown>|{_TEXT}(?:,? ?\|? {_TEXT})*) : container = (?P<value>[-+\w]+) \)"
    r"| _(?P<sized>\w+)_length = \d+,(?= (?P=sized) = )"
)
_LABEL = re.compile(_TEXT)
_PLAIN_LABEL = re.compile(r'"[\w.:/+-]+"')


def line_editor(addresses: Addresses) -> EditLines:
    """Make what edits whole lines of events.

    Args:
        addresses: which fields are addresses, and of which kind, by event and field; of other events the names and
            lengths of fields decide.
    """
    known = {event: {name.rsplit(".", 1)[-1]: kind for name, kind in of.items()} for event, of in addresses.items()}

    def edit(lines: bytes) -> bytes:
        has_parts = any(sign in lines for sign in _SIGNS)
        is_plain = lines.isascii() and len(lines.translate(None, _CONTROLS)) == len(lines)
        if not has_parts and is_plain:
            return lines
        text = lines.decode("utf-8", errors="backslashreplace")
        if has_parts:
            text = _PARTS.sub(partial(_part, known), text)
        return (text if is_plain else _printable(text)).encode()

    return edit


def _printable(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(line if line.isprintable() else printable(line, keep="\t") for line in lines)


def _part(known: Addresses, part: re.Match[str]) -> str:
    if part["elements"]:
        name = part.string[part.string.rfind(" ", 0, part.start()) + 1 : part.start()]
        of_event = known.get(_event(part.string, part.start())) if known else None
        address = _address(name, part["elements"], None if of_event is None else of_event.get(name, ""))
        return f" = {address}" if address else part[0]
    if part["labels"]:
        return _labels(part["labels"], part["value"])
    return "" if part["sized"] else part[0]


def _event(text: str, at: int) -> str:
    """The name of the event on whose line a place is: "TIME HOST EVENT: { ..."."""
    end = text.find(": { ", text.rfind("\n", 0, at) + 1)
    return text[text.rfind(" ", 0, end) + 1 : end]


@lru_cache(maxsize=4096)
def _labels(labels: str, value: str) -> str:
    """The labels of an enumeration's value, in quotes where they are no plain words; of an unknown one the number."""
    found = _LABEL.findall(labels)
    return "|".join(label.strip('"') if _PLAIN_LABEL.fullmatch(label) else label for label in found) or value


@lru_cache(maxsize=4096)
def _address(name: str, elements: str, kind: str | None) -> str:
    """The address that an array is, "" if it is none; the same few come again and again."""
    values = tuple(int(element.split(" = ")[1], 0) for element in elements.split(", "))
    return address_text(Field(name, "array", address=kind), values)
