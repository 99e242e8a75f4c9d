# SPDX-License-Identifier: GPL-2.0-only
"""What each of the two readers makes of a trace, event by event.

    python -m tests.trace.both_readers TRACE...

compares them on any traces, and ends with status 1 where they differ.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lttng_addon_kit.trace.column import Column, ListArray, TextArray
from lttng_addon_kit.trace.event_batch import EventBatch, Findings
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.reading import read

# An event: its time, and of each field what it is, the type of its values, and its value.
Event = tuple[int | None, tuple[Any, ...]]


@dataclass
class ReadTrace:
    """The events of a trace by name and CPU, in order, and what else was found."""

    events: dict[tuple[str, int | None], list[Event]] = field(default_factory=lambda: defaultdict(list))
    findings: Findings = field(default_factory=Findings)

    @property
    def count(self) -> int:
        return sum(map(len, self.events.values()))


def read_all(trace: Path, reader: Reader) -> ReadTrace:
    """All of a trace, in memory."""
    found = ReadTrace()
    with tempfile.TemporaryDirectory() as scratch:
        for batch in read(trace, found.findings, Path(scratch), {}, reader):
            found.events[batch.event, batch.cpu] += _events(batch)
    return found


def difference(trace: Path) -> str:
    """The first thing that the readers don't agree on; "" for none."""
    ours, theirs = read_all(trace, Reader.OWN), read_all(trace, Reader.BABELTRACE2)
    for key in sorted({*ours.events, *theirs.events}, key=str):
        for number, (own, other) in enumerate(zip_longest(ours.events[key], theirs.events[key])):
            if own != other:
                return f"{key}, event {number}:\n  own {own}\n  babeltrace2 {other}"
    own_findings, other_findings = (_comparable(each.findings) for each in (ours, theirs))
    return "" if own_findings == other_findings else f"own {own_findings}\nbabeltrace2 {other_findings}"


def _events(batch: EventBatch) -> Iterator[Event]:
    parts: list[list[Any]] = [[] for _ in range(batch.count)]
    for column in (*batch.fields, *batch.context):
        rows = range(batch.count) if column.rows is None else column.rows.tolist()
        # Not a number differs from itself.
        for row, value in zip(rows, column.values.tolist(), strict=True):
            parts[row].append((column.field, _type(column), repr(value)))
    times = [None] * batch.count if batch.times_ns is None else batch.times_ns.tolist()
    return zip(times, map(tuple, parts), strict=True)


def _type(column: Column) -> str:
    values = column.values
    if isinstance(values, ListArray):
        return f"list {getattr(values.elements, 'dtype', 'text')}"
    return "text" if isinstance(values, TextArray) else str(values.dtype)


def _comparable(findings: Findings) -> tuple[Any, ...]:
    """Of damage only where it is: the readers tell each in their own words."""
    files = [damage.file for damage in findings.damage]
    return findings.span, findings.discarded_events, findings.discarded_packets, files


if __name__ == "__main__":
    differences = {name: difference(Path(name)) for name in sys.argv[1:]}
    for name, found in differences.items():
        print(f"{name}: {found or 'the same'}")
    sys.exit(any(differences.values()))
