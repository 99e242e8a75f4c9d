"""Instructions that a record costs its reader, by /proc, by ioctl and by the mapping: a table for docs/cost.md.

An emulated processor whose time stamp counter counts instructions (QEMU's -icount) is exact: repeats agree to a few
per mille, whatever else the machine is doing.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from lttng_addon_kit import RunOptions, load_addon, run, setting
from lttng_addon_kit.api import DEFAULT_TARGET
from lttng_addon_kit.target.target import Boot

BOOT = Boot(qemu_options=("-icount", "shift=0,sleep=off"), cpus=1)
WAYS = {
    "proc": "`/proc`, read as text",
    "proc+parse": "`/proc`, read and parsed",
    "ioctl": "a command a record",
    "mapping": "the mapping",
}


def main() -> None:
    """Print the table."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "addons" / "reading-cost"
        shutil.copytree(Path(__file__).parent / "reading-cost", copy)
        run([load_addon(copy)], setting(DEFAULT_TARGET), Path(folder) / "traces", lines.append, RunOptions(boot=BOOT))
    costs = {way: float(cost) for way, cost in (line.split() for line in lines if line.split()[0] in WAYS)}
    print("| way | instructions a record | times the mapping |\n|---|---:|---:|")
    for way, about in WAYS.items():
        print(f"| {about} | {costs[way]:,.1f} | {costs[way] / costs['mapping']:,.0f} |")


if __name__ == "__main__":
    main()
