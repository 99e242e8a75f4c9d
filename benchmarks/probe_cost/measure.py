# SPDX-License-Identifier: GPL-2.0-only
"""Instructions that a probe costs a packet: what it rejects, records, counts. A table for docs/cost.md.

See benchmarks/boundary/measure.py for why instructions.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from lttng_addon_kit import RunOptions, load_addon, run, setting
from lttng_addon_kit.api import DEFAULT_TARGET
from lttng_addon_kit.target.target import Boot

BOOT = Boot(qemu_options=("-icount", "shift=0,sleep=off"), cpus=1)
PROGRAM = Path(__file__).with_name("send_packets.c")
WORKLOAD = """
[workload]
command = "sh -c 'gcc -O2 -o send_packets send_packets.c && ./send_packets && ./send_packets'"
files = ["send_packets.c"]
"""
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
_TABLE = """
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
ADDONS = {
    "base": '[[procfs]]\nname = "nothing"\n[procfs.values]\ncpu = "cpu()"\n',
    "an event, rejected by its filter": EVENT.format(device="eth9"),
    "an event, recorded (pointer, integer, text)": EVENT.format(device="lo"),
    "an event, rejected as a table lacks its device's number": _TABLE.format(
        key="u32", filter="skb->dev->ifindex in t"
    ),
    "an event, rejected by the value of its device's number": _TABLE.format(
        key="u32", filter="t[skb->dev->ifindex] > 1"
    ),
    "an event, rejected as a table lacks its device's name": _TABLE.format(
        key="char[16]", filter="skb->dev->name in t"
    ),
    "a count": f'[[aggregate]]\nname = "packets"\nkind = "count"\n{HOOK}',
    "a sum by device": f'[[aggregate]]\nname = "bytes"\nkind = "sum"\n{HOOK}'
    'value = "skb->len"\nby = "skb->dev->name"\n',
    "a histogram": f'[[aggregate]]\nname = "sizes"\nkind = "histogram"\nvalue = "skb->len"\n{HOOK}',
    "a span from the send to the receipt, by pointer, and a count of those": "[[span]]\nname = 'way'\n"
    "begin = { hook = 'tracepoint:net_dev_queue', key = 'skb' }\n"
    "end = { hook = 'tracepoint:netif_receive_skb', key = 'skb' }\n"
    "[[aggregate]]\nname = 'packets'\nkind = 'count'\nhook = 'span:way'\n",
    "a record in the ring (time, integer, text)": f"[share]\n{HOOK}"
    '[share.fields]\ntime_ns = "now_ns()"\nlen = "skb->len"\ndevice = "skb->dev->name"\n',
}


def measure(spec: str, target: str) -> float:
    """Instructions a packet, with the addon loaded and recording on a target."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        addon = Path(folder) / "addons" / "measured"
        addon.mkdir(parents=True)
        (addon / "addon.toml").write_text(f'[addon]\nname = "measured"\n{spec}{WORKLOAD}', encoding="utf-8")
        shutil.copy(PROGRAM, addon)
        # The number of lo, whose packets these are.
        entries = {} if "[[table]]" not in spec or " in t" in spec else {"t:1": "1"}
        options = RunOptions(boot=BOOT, entries=entries)
        run([load_addon(addon)], setting(target), Path(folder) / "traces", lines.append, options)
    return float(lines[-1].removeprefix("instructions "))


def main() -> None:
    """Print the table, for the target that the command line names."""
    target = sys.argv[1] if len(sys.argv) > 1 else DEFAULT_TARGET
    costs = {name: measure(spec, target) for name, spec in ADDONS.items()}
    print(f"A packet without a probe: {costs['base']:,.0f} instructions; on top of that\n")
    print("| what the probe does with it | instructions a packet |\n|---|---:|")
    for name, cost in costs.items():
        if name != "base":
            print(f"| {name} | {cost - costs['base']:,.0f} |")


if __name__ == "__main__":
    main()
