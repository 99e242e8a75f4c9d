# SPDX-License-Identifier: GPL-2.0-only
"""Instructions that a probe costs a packet: what it rejects, records, counts. A table for docs/cost.md.

See benchmarks/boundary/measure.py for why instructions.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from lttng_addon_kit import load_addon, setting
from lttng_addon_kit.api import DEFAULT_TARGET, Setting, build
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload
from lttng_addon_kit.spec.first_entries import FirstEntry
from lttng_addon_kit.target.target import Boot

BOOT = Boot(qemu_options=("-icount", "shift=0,sleep=off"), cpus=1)
PROGRAM = Path(__file__).with_name("send_packets.c")
WORKLOAD = ChosenWorkload(
    ("sh", "-c", "gcc -O2 -o send_packets send_packets.c && ./send_packets && ./send_packets"), files=(PROGRAM,)
)
EVENT = """
[[event]]
name = "netif_receive_measured"
hook = "tracepoint:netif_receive_skb"
filter = 'skb->dev->name == "{device}"'
[event.fields]
skbaddr = "skb"
len = "skb->len"
name = "skb->dev->name"
"""
TABLE = """
[[table]]
name = "t"
key = "{key}"

[[event]]
name = "netif_receive_measured"
hook = "tracepoint:netif_receive_skb"
filter = "{filter}"
[event.fields]
len = "skb->len"
"""
HOOK = 'hook = "tracepoint:netif_receive_skb"\n'


def aggregate(kind: str, keys: str = "") -> str:
    """An aggregate of that kind, with other keys of its table."""
    return f'[[aggregate]]\nname = "measured"\nkind = "{kind}"\n{HOOK}{keys}\n'


# One call a packet, with the packet's length as its last argument.
CALL = """
[[event]]
name = "udp_sent_measured"
hook = "{kind}:udp_sendmsg"
filter = "len == 9999{more}"
"""
LENGTH = 'value = "skb->len"\n'
DEVICE = 'by = "skb->dev->name"\n'
ADDONS = {
    "base": '[[procfs]]\nname = "nothing"\n[procfs.values]\ncpu = "cpu()"\n',
    "an event, rejected by its filter": EVENT.format(device="eth9"),
    "an event, recorded (pointer, integer, text)": EVENT.format(device="lo"),
    "an event, rejected as a table lacks its device's number": TABLE.format(key="u32", filter="skb->dev->ifindex in t"),
    "an event, rejected by the value of its device's number": TABLE.format(
        key="u32", filter="t[skb->dev->ifindex] > 1"
    ),
    "an event, rejected as a table lacks its device's name": TABLE.format(key="char[16]", filter="skb->dev->name in t"),
    "a function's entry by fentry, rejected by its filter (an argument)": CALL.format(kind="fentry", more=""),
    "a function's entry by kprobe, rejected by its filter (an argument)": CALL.format(kind="kprobe", more=""),
    "a function's return, rejected at its entry": CALL.format(kind="kretprobe", more=""),
    "a function's return, rejected by what it returns": CALL.format(kind="kretprobe", more=" && $ret == 7"),
    "a system call by its name, rejected by its filter (an argument)": """
[[event]]
name = "udp_sent_measured"
hook = "syscall:sendto"
filter = "len == 9999"
""",
    "a count": aggregate("count"),
    "a sum": aggregate("sum", LENGTH),
    "a mean": aggregate("mean", LENGTH),
    "the last value": aggregate("last", LENGTH),
    "a histogram": aggregate("histogram", LENGTH),
    "a histogram in 8 steps": aggregate("histogram", f"{LENGTH}steps = 8"),
    "a count each second": aggregate("count", 'every = "1s"'),
    "a sum by device": aggregate("sum", LENGTH + DEVICE),
    "a top by device": aggregate("top", LENGTH + DEVICE),
    "a count by device and length": aggregate("count", 'by = ["skb->dev->name", "skb->len"]'),
    "a count by a key of 64 that change all the time": aggregate("count", 'by = "now_ns() >> 6 & 63"'),
    "a count by a stack of 8": aggregate("count", 'by = "stack(8)"'),
    "a span from the send to the receipt, by pointer, and a count of those": "[[span]]\nname = 'way'\n"
    "begin = { hook = 'tracepoint:net_dev_queue', key = 'skb' }\n"
    "end = { hook = 'tracepoint:netif_receive_skb', key = 'skb' }\n"
    "[[aggregate]]\nname = 'packets'\nkind = 'count'\nhook = 'span:way'\n",
    "a record in the ring (time, integer, text)": f"[share]\n{HOOK}"
    '[share.fields]\ntime_ns = "now_ns()"\nlen = "skb->len"\ndevice = "skb->dev->name"\n',
}


def module_of(spec: str, addon: Path, at: Setting) -> BuiltModule:
    """The module of an addon that is that spec, in a folder of its own."""
    addon.mkdir(parents=True)
    (addon / "addon.toml").write_text(f'[addon]\nname = "measured"\n{spec}', encoding="utf-8")
    (module,) = build([load_addon(addon)], at)
    # The number of lo, whose packets these are.
    return replace(module, entries=(FirstEntry("t", 1, 1),)) if "t[" in spec else module


def measure(module: BuiltModule, machine: Machine, progress: Progress) -> float:
    """Instructions a packet, with the module loaded and recording."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as traces:
        record(Stage(machine, progress, lines.append), [module], WORKLOAD, Path(traces))
    return float(lines[-1].removeprefix("instructions "))


def main() -> None:
    """Print the table, for the target that the command line names; all rows are measured in one boot."""
    at = setting(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_TARGET)
    with tempfile.TemporaryDirectory() as folder:
        modules = {
            name: module_of(spec, Path(folder) / str(index) / "addons" / "measured", at)
            for index, (name, spec) in enumerate(ADDONS.items())
        }
        with at.target.start(at.progress, BOOT) as machine:
            costs = {name: measure(module, machine, at.progress) for name, module in modules.items()}
    print(f"A packet without a probe: {costs['base']:,.0f} instructions; on top of that\n")
    print("| what the probe does with it | instructions a packet |\n|---|---:|")
    for name, cost in costs.items():
        if name != "base":
            print(f"| {name} | {cost - costs['base']:,.0f} |")


if __name__ == "__main__":
    main()
