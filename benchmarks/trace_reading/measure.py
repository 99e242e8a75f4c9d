# SPDX-License-Identifier: GPL-2.0-only
"""What reading a trace costs beside babeltrace2 on the same trace: `measure.py [TURNS]` prints a page of Markdown.

    .venv/bin/python -m benchmarks.trace_reading.measure > docs/performance.md

All commands read each trace turn by turn; medians of CPU seconds become ratios, which a busy machine leaves alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.trace_reading.generate import Shape, generate

_COUNTER = """
import sys, pathlib
from lttng_addon_kit.trace.event_batch import Findings
from lttng_addon_kit.trace.reading import read
print(sum(batch.count for batch in read(pathlib.Path(sys.argv[1]), Findings(), pathlib.Path("/nonexistent"), {})))
"""
_SUMMARY = """
import sys, pathlib
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.summary import summarise
summarise(pathlib.Path(sys.argv[1]), reader=Reader(sys.argv[2]))
"""
_VIEW = """
import sys, pathlib
from lttng_addon_kit.output.events_text import view
view(pathlib.Path(sys.argv[1]), sys.stdout)
"""
_DUMMY = "babeltrace2, dummy"
_COMMANDS: Mapping[str, list[str]] = {
    _DUMMY: ["babeltrace2", "TRACE", "--output-format=dummy"],
    "babeltrace2, text": ["babeltrace2", "TRACE"],
    "columns": [sys.executable, "-c", _COUNTER, "TRACE"],
    "summary": [sys.executable, "-c", _SUMMARY, "TRACE", "own"],
    "summary, babeltrace2's reader": [sys.executable, "-c", _SUMMARY, "TRACE", "babeltrace2"],
    "view": [sys.executable, "-c", _VIEW, "TRACE"],
}
_START = Shape(200)
_SHAPES = (
    *(Shape(1_000_000), Shape(10_000_000)),
    *(Shape(1_000_000, fields=1), Shape(1_000_000, fields=20)),
    *(Shape(1_000_000, types=100), Shape(1_000_000, types=200), Shape(1_000_000, streams=32)),
)
_PAGE = """# Performance of reading

What it costs to read a trace, in CPU time beside babeltrace2's dummy sink, which reads all and
keeps nothing, on the same trace: 2 is twice as fast. This page is what
`.venv/bin/python -m benchmarks.trace_reading.measure` prints; `generate.py` beside it says what is
in the traces. *columns* reads them by the kit's own reader and counts the events.

The first table has whole commands; of a summary {start:.2f} s are Python's start, imports and the
metadata. The second leaves out what each command takes for a trace of 200 events.

{whole}

{beyond}

Most memory of any process: {memory}.
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and kB of memory at most."""

    seconds: float
    memory: int


def run(command: list[str], trace: Path) -> Cost:
    """Run a command on a trace."""
    argv = [str(trace) if word == "TRACE" else word for word in command]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{argv[0]} failed: {status}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def measure(shape: Shape, turns: int) -> dict[str, Cost]:
    """What each command costs for a trace of a shape."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        generate(trace, shape)
        runs = [{name: run(command, trace) for name, command in _COMMANDS.items()} for _ in range(turns)]
    return {
        name: Cost(median(each[name].seconds for each in runs), max(each[name].memory for each in runs))
        for name in _COMMANDS
    }


def page(costs: Mapping[Shape, Mapping[str, Cost]], start: Mapping[str, Cost]) -> str:
    """The page, of what each shape costs, and what a trace of hardly any events does."""
    whole = {shape: {name: cost.seconds for name, cost in of.items()} for shape, of in costs.items()}
    beyond = {
        shape: {name: max(1e-3, seconds - start[name].seconds) for name, seconds in of.items()}
        for shape, of in whole.items()
    }
    most = {name: max(of[name].memory for of in costs.values()) >> 10 for name in _COMMANDS}
    memory = ", ".join(f"{name} {megabytes} MB" for name, megabytes in most.items())
    lines = _PAGE.format(start=start["summary"].seconds, whole=_table(whole), beyond=_table(beyond), memory=memory)
    return _folded(lines)


def _table(seconds: Mapping[Shape, Mapping[str, float]]) -> str:
    names = [name for name in _COMMANDS if name != _DUMMY]
    lines = [f"| trace | dummy, s | {' | '.join(names)} |", f"|---|{'---:|' * (len(names) + 1)}"]
    for shape, of in seconds.items():
        ratios = " | ".join(f"{of[_DUMMY] / of[name]:.2f}" for name in names)
        lines.append(f"| {_title(shape)} | {of[_DUMMY]:.2f} | {ratios} |")
    return "\n".join(lines)


def _title(shape: Shape) -> str:
    types = f", types: {shape.types}" if shape.types > 1 else ""
    streams = f", streams: {shape.streams}" if shape.streams > 2 else ""
    return f"{shape.events // 1_000_000} M events, fields: {shape.fields}{types}{streams}"


def _folded(text: str) -> str:
    """Lines of prose no longer than the documents' are."""
    return (
        "\n".join(line if line.startswith(("|", "#")) else textwrap.fill(line, 100) for line in text.splitlines())
        + "\n"
    )


if __name__ == "__main__":
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    start = measure(_START, turns)
    print(page({shape: measure(shape, turns) for shape in _SHAPES}, start), end="")
