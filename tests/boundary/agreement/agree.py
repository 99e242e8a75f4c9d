"""Two CPUs send to localhost at once; then /proc, ioctl and the mapping are compared. Prints packets and bytes."""

import re
import subprocess
from pathlib import Path
from typing import Any

from lttng_addon_client import Interface


def found(pattern: str, text: str) -> str:
    """What a pattern's group is in a text."""
    match = re.search(pattern, text, re.MULTILINE)
    assert match, text
    return match[1]


with Interface.open("agreement") as addon:
    records: list[dict[str, Any]] = []
    pings = [
        subprocess.Popen(
            ["taskset", "-c", str(cpu), "ping", "-q", "-i", "0.002", "-c", "400", "-s", str(56 + cpu), "127.0.0.1"],
            stdout=subprocess.DEVNULL,
        )
        for cpu in (0, 1)
    ]
    while any(ping.poll() is None for ping in pings):
        addon.wait(0.05)
        records += addon.records()
    records += addon.records()
    assert addon.lost == 0, addon.lost

    text = Path("/proc/lttng-addons/agreement").read_text()
    packets = int(found(r"^  lo +(\d+)$", text))
    size = int(found(r"^bytes: .*\n +(\d+)$", text))
    for read in (addon.aggregate, addon.read_aggregate):
        assert {row.key: row.count for row in read("packets").rows} == {"lo": packets}, read("packets")
        assert [row.sum for row in read("bytes").rows] == [size], read("bytes")
        sizes = read("sizes")
        assert sum(row.count for row in sizes.rows) == packets
        assert all(sum(count for _, count in row.buckets) == row.count for row in sizes.rows)
        assert sorted(row.key for row in sizes.rows) == [0, 1], "one CPU did all"
        assert read("least_free").rows[0].min == min(record["len"] for record in records) - 100
        few = read("few")
        assert sum(row.count for row in few.rows) + few.overflow == packets
    assert len(records) == packets, (len(records), packets)
    assert sum(record["len"] for record in records) == size
    arrays = sum(int(addon.ring(cpu)["len"][: addon.head(cpu)].sum()) for cpu in range(addon.cpus))
    assert arrays == size, (arrays, size)
    hits = addon.hits()["netif_receive_agreed"]
    assert hits == addon.read_hits("netif_receive_agreed")
    assert (hits.passed, hits.recorded, hits.lost) == (packets, packets, 0), hits
    print(packets, size)

    addon.reset()
    assert not addon.aggregate("packets").rows
    assert not addon.read_aggregate("sizes").rows
