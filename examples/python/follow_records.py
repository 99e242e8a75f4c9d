# SPDX-License-Identifier: GPL-2.0-only
"""Follows the records of all CPUs through the mapping; ends after a second without any.

For the addon mmap-samples, on the machine where it is loaded.
"""

from lttng_addon_client import Interface

count = size = 0
with Interface.open("mmap-samples") as samples:
    while samples.wait(1.0):
        for record in samples.records():
            count += 1
            size += record["len"]
    print(f"{count} records, {size} bytes, {samples.lost} overwritten")
