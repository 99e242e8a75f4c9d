# SPDX-License-Identifier: GPL-2.0-only
"""Neither way of reading waits for a dead writer for ever; the next one makes the cell whole again."""

import os
import signal
import time

from lttng_addon_client import Interface, InterfaceError

signal.signal(signal.SIGUSR1, lambda *_: None)
with Interface.open("dead-writer") as addon:
    os.kill(os.getpid(), signal.SIGUSR1)
    addon.command("DIE")
    for read in (addon.aggregate, addon.read_aggregate):
        begin = time.monotonic()
        try:
            print("read", read("signals"))
        except InterfaceError as error:
            print(error, "soon" if time.monotonic() - begin < 30 else "late")
    os.kill(os.getpid(), signal.SIGUSR1)
    print([read("signals").rows[0].count for read in (addon.aggregate, addon.read_aggregate)])
