# SPDX-License-Identifier: GPL-2.0-only
"""A kernel's macros that stand for an integer or a member, as its own compiler sees them.

The preprocessor reads all public headers at once, with the options of the kernel's own build, so that what depends on
the configuration is the kernel's. What headers define differently is left out: C would have one or the other.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Runs the kernel's own `make macros.i` in a folder, and returns what it says.
Preprocess = Callable[[Path], str]

# Of the headers that define macros for other code than drivers.
_FOLDERS = ("linux", "net", "asm", "scsi", "uapi", "rdma", "linux/sched")
# Of 32-bit kernels, beside those of this one.
_OTHER_WIDTH = re.compile(r"asm/\w+[_-](?:x?32|2level|3level)")
# How often a header that does not stand alone is left out, and the rest tried again.
_TRIES = 5
_LONGEST = 400

_KBUILD = "obj-m := macros.o\nccflags-y := {options}-w -idirafter $(src)/missing\n"
_LINE = re.compile(r'^#(?: \d+ "([^"\n]*)".*|define (\w+)(\(?)(.*)|undef (\w+))$', re.MULTILINE)
_FAULTY = re.compile(r"macros\.c:(\d+)[:,]")
_EXPANDED = re.compile(r"^lttng_addon_kit_(\w+) \{(.*)\}$", re.MULTILINE)
_MEMBER = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
# An expression of integers: no text, no statement, no assignment.
_INTEGER = re.compile(r"[\w\s()+\-*/%<>&|^~!?:]+")


@dataclass(frozen=True)
class Macro:
    """A macro without arguments: what it stands for, all macros in it replaced, and the header that defines it."""

    text: str
    header: str

    @property
    def members(self) -> tuple[str, ...]:
        """The path of members that it may stand for; () if it is none."""
        return tuple(self.text.split(".")) if _MEMBER.fullmatch(self.text) else ()


def read_macros(public: Iterable[str], missing: Iterable[str], preprocess: Preprocess) -> Mapping[str, Macro]:
    """Read the macros of a kernel's headers.

    Args:
        public: the headers to include, in the order of their rank.
        missing: headers that others include, but that don't exist (another architecture's).

    Returns:
        Those without arguments, by name; `text` is "" for what stands for neither an integer nor a member, or not
        always for the same. None where there is no compiler.
    """
    lines = [f"#include <{name}>" for name in public if _is_wanted(name)]
    with tempfile.TemporaryDirectory(prefix="lttng-addon-") as name:
        folder = Path(name)
        for header in missing:
            _write_empty(folder / "missing" / header, folder)
        defining = _preprocessed(folder, lines, "-dD ", preprocess)
        defined = _defined(defining)
        headers = {name: header for name, header in defined.items() if header is not None}
        directives = [found[0] for found in _LINE.finditer(defining) if not found[0].startswith("# ")]
        uses = [f"lttng_addon_kit_{name} {{{name}}}" for name in headers]
        expanded = _preprocessed(folder, [*directives, *uses], "-P ", preprocess)
    constants = dict(_constants(expanded))
    return {name: Macro(constants.get(name, ""), header or "") for name, header in defined.items()}


def _is_wanted(header: str) -> bool:
    return str(PurePosixPath(header).parent) in _FOLDERS and not _OTHER_WIDTH.match(header)


def _write_empty(path: Path, folder: Path) -> None:
    if path.resolve().is_relative_to(folder.resolve()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _preprocessed(folder: Path, lines: Sequence[str], options: str, preprocess: Preprocess) -> str:
    """What becomes of some lines, but those that are errors (headers that must not be alone); "" without a compiler."""
    (folder / "Kbuild").write_text(_KBUILD.format(options=options), encoding="utf-8")
    source, result = folder / "macros.c", folder / "macros.i"
    result.unlink(missing_ok=True)
    for _ in range(_TRIES):
        source.write_text("\n".join([*lines, ""]), encoding="utf-8")
        said = preprocess(folder)
        if result.exists():
            return result.read_text(encoding="utf-8", errors="replace")
        faulty = {int(number) for number in _FAULTY.findall(said)}
        lines = [line for number, line in enumerate(lines, start=1) if number not in faulty]
        if not faulty:
            break
    return ""


def _defined(text: str) -> Mapping[str, str | None]:
    """The macros without arguments that are defined at the end, with the header of each that has one meaning."""
    bodies: dict[str, str] = {}
    headers: dict[str, str] = {}
    ambiguous = set()
    path = ""
    for file, name, parenthesis, body, undefined in _LINE.findall(text):
        if name and parenthesis:
            bodies.pop(name, None)
        elif name:
            if bodies.get(name, body.strip()) != body.strip():
                ambiguous.add(name)
            bodies[name], headers[name] = body.strip(), path
        elif undefined:
            bodies.pop(undefined, None)
        else:
            path = file
    return {
        name: _included_as(headers[name]) if body and name not in ambiguous else None for name, body in bodies.items()
    }


def _included_as(path: str) -> str:
    """A header's name as it is included: user space's API has the names of the kernel's own."""
    return path.rpartition("/include/")[2].removeprefix("generated/").removeprefix("uapi/")


def _constants(text: str) -> Iterator[tuple[str, str]]:
    """What each macro stands for in the end, of those that may stand for an integer or a member."""
    for name, expanded in _EXPANDED.findall(text):
        body = expanded.strip()
        if body and body != name and len(body) <= _LONGEST and (_MEMBER.fullmatch(body) or _INTEGER.fullmatch(body)):
            yield name, body
