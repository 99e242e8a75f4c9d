"""Why a function can't be probed, out of the lists that a running kernel gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# Suffixes that GCC gives to what it made of a static function.
_CLONE = r"\.(?:isra|constprop|part|cold)[.\w]*"


@dataclass(frozen=True)
class Symbol:
    """One function of /proc/kallsyms; `module` is "" for the kernel itself."""

    name: str
    module: str


@dataclass(frozen=True)
class ProbeLists:
    """The lists of one kernel; None where it could not be asked.

    Attributes:
        symbols: lines of `TYPE NAME [MODULE]` (/proc/kallsyms without addresses).
        blacklist: functions that kprobes refuse (/sys/kernel/debug/kprobes/blacklist, names only).
        traceable: functions that the function tracer takes (/sys/kernel/tracing/available_filter_functions).
    """

    symbols_file: Path | None
    blacklist_file: Path | None
    traceable_file: Path | None

    def functions(self, name: str) -> list[Symbol] | None:
        """The functions of that very name; None: not known. Modules that were not loaded have none there."""
        return None if self._symbols is None else self._find_symbols(re.escape(name))

    def clones(self, name: str) -> list[str]:
        """What the compiler made of a function: name.isra.0 and its like."""
        return [symbol.name for symbol in self._find_symbols(re.escape(name) + _CLONE)]

    def refusal(self, name: str) -> str | None:
        """Why the kernel takes no kprobe on a function, as the end of a sentence on it.

        None: it does, or the lists are not there to say so.
        """
        if self._lists(self._blacklist, name):
            return "is on the kernel's list of functions that must not be probed"
        found = self.functions(name)
        if not found:
            return None
        if len(found) > 1:
            return f"is the name of {len(found)} functions, and a probe would meet only one of them"
        if self._traceable is not None and not self._lists(self._traceable, name):
            return "is marked notrace: a probe there could call itself without end"
        return None

    def _find_symbols(self, pattern: str) -> list[Symbol]:
        lines = re.finditer(rf"^[tTwW] ({pattern})(?:[ \t]+\[(\w+)\])?$", self._symbols or "", re.MULTILINE)
        return [Symbol(line[1], line[2] or "") for line in lines]

    def _lists(self, text: str | None, name: str) -> bool:
        return (
            text is not None
            and re.search(rf"^{re.escape(name)}(?:[ \t].*)?$", text, re.MULTILINE) is not None
        )

    @cached_property
    def _symbols(self) -> str | None:
        return _read(self.symbols_file)

    @cached_property
    def _blacklist(self) -> str | None:
        return _read(self.blacklist_file)

    @cached_property
    def _traceable(self) -> str | None:
        return _read(self.traceable_file)


def _read(path: Path | None) -> str | None:
    if path is None or not path.is_file():
        return None
    return path.read_text(encoding="utf-8", errors="replace") or None
