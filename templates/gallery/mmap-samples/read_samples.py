"""Reads a record of every packet that pings to localhost bring, straight from the kernel's memory."""

import subprocess

from lttng_addon_client import Interface

with Interface.open("mmap-samples") as addon:
    count = size = 0
    with subprocess.Popen(["ping", "-q", "-i", "0.002", "-c", "500", "localhost"]) as ping:
        while ping.poll() is None:
            addon.wait(0.1)
            for array in addon.arrays():
                count += len(array)
                size += int(array["len"][array["device"] == b"lo"].sum())
    for array in addon.arrays():
        count += len(array)
        size += int(array["len"][array["device"] == b"lo"].sum())
    print(f"{count} records, {size} bytes on lo, {addon.lost} overwritten before they were read")
