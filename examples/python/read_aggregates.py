# SPDX-License-Identifier: GPL-2.0-only
"""Packets by network device, added up by the kernel: one command.

For the addon procfs-stats, on the machine where it is loaded.
"""

from lttng_addon_client import Interface

with Interface.open("procfs-stats") as stats:
    for row in stats.read_aggregate("packets").rows:
        print(row.key, row.count)
