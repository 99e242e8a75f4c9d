#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the names of the events of LTTng's own kernel modules, but for system calls, from their source.

lttng_addon_kit/spec/lttng_events.txt is what it prints for the versions that the kit knows:

    targets=~/.cache/lttng-addon-kit/targets
    scripts/lttng_events.py $targets/*/root/usr/src/lttng-modules-* >lttng_addon_kit/spec/lttng_events.txt
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", re.MULTILINE)
# A macro that defines an event, and the words that it begins with; within those, after an #else, another may begin.
_EVENT = re.compile(r"\bLTTNG_TRACEPOINT_EVENT(?!_CLASS)\w*\((?=([\w\s,]*))")


def events(header: str) -> Iterator[str]:
    """The names of a header's events: the last word before the prototype, which a _MAP macro names it by."""
    for match in _EVENT.finditer(_DIRECTIVE.sub("", _COMMENT.sub("", header))):
        *_, name = takewhile(
            lambda word: not word.startswith(("LTTNG_", "TP_", "PARAMS")), re.findall(r"\w+", match[1])
        )
        yield name


def main(folders: list[str]) -> None:
    """Print the events of the sources in these folders."""
    headers = [path for folder in folders for path in Path(folder, "include/instrumentation/events").rglob("*.h")]
    names = {name for path in headers for name in events(path.read_text(encoding="utf-8", errors="replace"))}
    versions = sorted({Path(folder).name.rpartition("-")[2] for folder in folders})
    print(f"# Made by scripts/lttng_events.py from lttng-modules {', '.join(versions)}.")
    print(*sorted(names), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
