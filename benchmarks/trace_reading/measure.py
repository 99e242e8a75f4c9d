# SPDX-License-Identifier: GPL-2.0-only
"""The summary against babeltrace2's text output, on one trace, turn by turn: `measure.py FOLDER [TURNS]`.

FOLDER is what generate.py made. The ratio is what to look at: both run on the same, perhaps busy, machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

_SUMMARY = """
import sys, pathlib
from lttng_addon_kit.trace.summary import summarise
summarise(pathlib.Path(sys.argv[1]))
"""


def _run(argv: list[str]) -> tuple[float, int]:
    """CPU seconds and peak memory in kB of a command."""
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{argv[0]} failed: {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def measure(folder: str, turns: int) -> None:
    """Run both, turn by turn, and print medians and their ratio."""
    commands = {
        "babeltrace2, dummy": ["babeltrace2", folder, "--output-format=dummy"],
        "babeltrace2, text": ["babeltrace2", folder],
        "summary": [sys.executable, "-c", _SUMMARY, folder],
    }
    runs: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
    for _ in range(turns):
        for name, argv in commands.items():
            runs[name].append(_run(argv))
    text = median(seconds for seconds, _memory in runs["babeltrace2, text"])
    for name, figures in runs.items():
        seconds = median(seconds for seconds, _memory in figures)
        memory = max(memory for _seconds, memory in figures)
        print(f"{name:20} {seconds:6.2f} s CPU  {seconds / text:5.2f} x text  {memory / 1024:6.0f} MB")


if __name__ == "__main__":
    measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
