"""Sends to a port where nobody listens; what /proc says of it, then what the client says."""

import socket
from pathlib import Path

from lttng_addon_client import Interface

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    for _ in range(3):
        sender.sendto(b"x", ("127.0.0.1", 9))
table = Path("/proc/lttng-addons/labels").read_text()
(line,) = (line.split() for line in table.splitlines() if "NO_SOCKET" in line)
print("proc", *line)
with Interface.open("labels") as addon:
    (row,) = (row for row in addon.aggregate("dropped").rows if row.key == "SKB_DROP_REASON_NO_SOCKET")
    print("client", row.key, row.count)
