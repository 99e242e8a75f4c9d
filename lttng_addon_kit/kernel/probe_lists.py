# SPDX-License-Identifier: GPL-2.0-only
"""Finds out why a function can't be probed, from the lists that a running kernel gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# Suffixes that GCC gives to its variants of a static function.
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
        """The compiler's variants of a function: name.isra.0 and its like."""
        return [symbol.name for symbol in self._find_symbols(re.escape(name) + _CLONE)]

    def kprobe_refusal(self, name: str) -> str | None:
        """Why the kernel takes no kprobe on a function, as the end of a sentence on it.

        None: it does, or the lists do not exist.
        """
        if _lists(self._blacklist, name):
            return "is on the kernel's list of functions that must not be probed"
        # register_kprobe() itself takes what can't be traced. The kernel's own kprobe events don't, as what tracing
        # calls is among these functions (CONFIG_KPROBE_EVENTS_ON_NOTRACE in kernel/trace/Kconfig).
        return self.trace_refusal(name)

    def trace_refusal(self, name: str) -> str | None:
        """Why the kernel's function tracer does not take a function; as `kprobe_refusal`."""
        found = self.functions(name)
        if not found:
            return None
        if len(found) > 1:
            return f"is the name of {len(found)} functions, of which a probe would reach only one"
        if self._traceable is not None and not _lists(self._traceable, name):
            return (
                "is not among those that the kernel can trace: it is marked notrace, is in a part "
                "built without tracing, or is only there during boot"
            )
        return None

    def _find_symbols(self, pattern: str) -> list[Symbol]:
        # The text is large: a pattern that begins with the name is found fast; the letter before is checked then.
        text = self._symbols or ""
        found = re.finditer(rf" ({pattern})(?:[ \t]+\[(\w+)\])?$", text, re.MULTILINE)
        return [Symbol(each[1], each[2] or "") for each in found if text[each.start() - 1] in "tTwW"]

    @cached_property
    def _symbols(self) -> str | None:
        return _read(self.symbols_file)

    @cached_property
    def _blacklist(self) -> str | None:
        return _read(self.blacklist_file)

    @cached_property
    def _traceable(self) -> str | None:
        return _read(self.traceable_file)


def _lists(text: str | None, name: str) -> bool:
    """Whether one of a list's lines begins with a name: a module's may follow."""
    return text is not None and any(f"\n{name}{end}" in text for end in "\n \t")


def _read(path: Path | None) -> str | None:
    if path is None or not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8", errors="replace").strip()
    return f"\n{lines}\n" if lines else None
