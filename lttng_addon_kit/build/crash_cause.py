# SPDX-License-Identifier: GPL-2.0-only
"""Which event and field of an addon a kernel's report comes from, with the place in addon.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.build.crash_frames import SourceLine, source_lines
from lttng_addon_kit.errors import Location
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.target.registry import Target

# Not a member of something.
_NAME = re.compile(r"(?<!->)(?<!\.)\b[A-Za-z_]\w*")
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\[[^]]*\])?\s*=(?!=)(?P<value>.*)", re.S)
# The call that hands on an event's values, in the order of its fields.
_HANDED_ON = re.compile(r"\b(?:__event_probe__|trace_lttng_addon_)(?P<event>\w+)\((?P<values>.*)\)", re.S)
# Counts a hit once its filter has let it through.
_PASSED = "_hits.passed"


@dataclass(frozen=True)
class CrashCause:
    """Explains reports about one module.

    Attributes:
        source: the addon.
        version: the kernel's.
        module: the .ko, in the folder that it was built in.
        target: what it was built for.
    """

    source: AddonSource
    version: tuple[int, int, int]
    module: Path
    target: Target

    def explain(self, report: str) -> str:
        """Lines that say where in the sources a report was, and of which event and field; "" if not in this module."""
        lines = source_lines(report, self.module, self.target)
        if not lines:
            return ""
        said = [f"in the addon {self.source.addon.name}:"]
        for each in lines:
            text = self._read(each.file)[each.line - 1 : each.line]
            said.append(f"  {self._place(each.file)}:{each.line}: {each.function}(): {''.join(text).strip()}")
        return "\n".join([*said, *self._blamed(lines)])

    def _blamed(self, lines: list[SourceLine]) -> list[str]:
        """The event, and its filter or the fields, that the innermost line of generated code is for."""
        inner = ""
        for each in lines:
            for index, event in enumerate(self.source.addon.on(self.version).events):
                if re.fullmatch(rf"(?:__event_probe__|addon_)?{event.name}(?:_\w+)?(?:\.\w+)*", each.function):
                    keys = find_keys(self._read(each.file), each.line, inner, tuple(event.fields))
                    tables = self.source.event_keys(index, self.version)
                    paths = [tables.path(*key) for key in keys] or [tables.table]
                    shown = [self._key(self.source.positions.key(path)) for path in paths]
                    return [f"  event {event.name}: {line}" for line in shown]
            inner = each.function
        return []

    def _key(self, where: Location) -> str:
        text = where.path.read_text(encoding="utf-8").splitlines()[where.line - 1]
        return f"{where.path}:{where.line}: {text.strip()}"

    def _read(self, file: str) -> list[str]:
        return (self.module.parent / file).read_text(encoding="utf-8", errors="replace").splitlines()

    def _place(self, file: str) -> Path:
        """The file beside addon.toml where it is the same: the user's own, and what is generated there."""
        built, beside = self.module.parent / file, self.source.folder / file
        same = beside.is_file() and beside.read_bytes() == built.read_bytes()
        return beside if same else built


@dataclass(frozen=True)
class _Statement:
    first: int
    last: int
    text: str


def find_keys(lines: list[str], line: int, called: str, fields: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The keys of an event's table that a line of its generated function computes; [] where that can't be told.

    Follows what the line assigns through the function, to the call that hands the fields' values on.

    Args:
        lines: the generated file.
        line: in that function, from 1.
        called: the function that the line was calling, or "".
        fields: their names, in order.
    """
    body = _statements(lines, line)
    here = next((number for number, each in enumerate(body) if each.first <= line <= each.last), None)
    if here is None:
        return []
    passed = next((number for number, each in enumerate(body) if _PASSED in each.text), -1)
    if here < passed:
        return [("filter",)]
    reached = {called} if called else set()
    if assigned := _ASSIGNED.search(body[here].text):
        reached = {assigned["name"]}
    for statement in body[here:]:
        if handed_on := _HANDED_ON.search(statement.text):
            values = [each for each in _arguments(handed_on["values"]) if each != "lttng_event"]
            numbers = [number for number, value in enumerate(values) if reached & set(_NAME.findall(value))]
            return [("fields", fields[number]) for number in numbers] if len(values) == len(fields) else []
        if (assigned := _ASSIGNED.search(statement.text)) and reached & set(_NAME.findall(statement.text)):
            reached.add(assigned["name"])
    return []


def _statements(lines: list[str], line: int) -> list[_Statement]:
    """The statements of the function around a line; its braces stand in the first column."""
    begin = next((number for number in range(line - 1, -1, -1) if lines[number].startswith("{")), None)
    end = next((number for number in range(line - 1, len(lines)) if lines[number].startswith("}")), None)
    if begin is None or end is None:
        return []
    found, first, text = [], begin + 2, ""
    for number in range(begin + 2, end + 1):
        text += lines[number - 1]
        if re.search(r"[;{}]\s*(?:/\*.*)?$", text):
            found.append(_Statement(first, number, text))
            first, text = number + 1, ""
    return found


def _arguments(text: str) -> list[str]:
    """The arguments of a call, by the commas outside of parentheses and quotes."""
    arguments, depth, quoted = [""], 0, False
    for at, character in enumerate(text):
        quoted ^= character == '"' and text[at - 1 : at] != "\\"
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth and not quoted:
            arguments.append("")
        else:
            arguments[-1] += character
    return [each.strip() for each in arguments]
