# SPDX-License-Identifier: GPL-2.0-only
"""Where in the sources of a module a kernel's report was: from its RIP and call trace to files and lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lttng_addon_kit.target.registry import Target

# "RIP: 0010:NAME+0x5a/0x1d0 [MODULE]", and " NAME+0x5a/0x1d0 [MODULE]" in the call trace; what follows "? " was left on
# the stack by an earlier call (Documentation/admin-guide/bug-hunting.rst).
_FRAME = re.compile(
    r"^(?:RIP: \w+:|\s+)(?P<name>[\w.]+)\+0x(?P<offset>[0-9a-f]+)/0x[0-9a-f]+ \[(?P<module>\w+)[^]]*\]", re.M
)
# objdump(1), --syms: value, seven flags, section, size, name.
_SYMBOL = re.compile(r"^(?P<value>[0-9a-f]+) .{7} (?P<section>\S+)\t[0-9a-f]+ (?:\.hidden )?(?P<name>\S+)$", re.M)
# The innermost ones tell it.
_MOST_FRAMES = 6


@dataclass(frozen=True)
class SourceLine:
    """A line of a module's sources that was being executed, and its function; `file` has no folder."""

    function: str
    file: str
    line: int


@dataclass(frozen=True)
class _Frame:
    """A place in a module's code: a function, and the bytes from its beginning."""

    name: str
    offset: int


def source_lines(report: str, module: Path, target: Target) -> list[SourceLine]:
    """The lines of a module's own sources in a report, the innermost first; [] if the module has no part in it.

    Args:
        report: as the kernel's log has it, with or without times.
        module: the .ko, in the folder that it was built in.
    """
    frames = _frames(report, module.stem.replace("-", "_"))
    if not frames:
        return []
    symbols = {
        found["name"]: (found["section"], int(found["value"], 16))
        for found in _SYMBOL.finditer(target.compile(module.parent, "objdump", "--syms", module.name).output)
    }
    lines: list[SourceLine] = []
    for frame in frames:
        if frame.name in symbols:
            section, value = symbols[frame.name]
            address = f"{value + frame.offset:#x}"
            find = ("addr2line", "--inlines", "--functions", "--section", section, "--exe", module.name, address)
            lines += _own_lines(target.compile(module.parent, *find).output, module.parent)
    return lines


def _frames(report: str, module: str) -> list[_Frame]:
    unstamped = re.sub(r"^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])? ?", "", report, flags=re.M)
    found = [each for each in _FRAME.finditer(unstamped) if each["module"] == module][:_MOST_FRAMES]
    # A call trace has the places that calls return to, which is after them.
    return [_Frame(each["name"], int(each["offset"], 16) - (not each[0].startswith("RIP"))) for each in found]


def _own_lines(output: str, folder: Path) -> list[SourceLine]:
    """What addr2line(1) says, two lines a function: its name, and FILE:LINE; without those of the kernel's headers."""
    lines = output.splitlines()
    places = [
        (function, Path(place.partition(" ")[0].rpartition(":")[0]).name, place.partition(" ")[0].rpartition(":")[2])
        for function, place in zip(lines[::2], lines[1::2], strict=False)
    ]
    return [
        SourceLine(function, file, int(line))
        for function, file, line in places
        if line.isdigit() and file and (folder / file).exists()
    ]
