#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Record packets on the loopback device with the addon skb-filter, and work with the summary.

Run it from the project's folder: .venv/bin/python examples/packet_lengths.py
"""

from pathlib import Path

import lttng_addon_kit as kit


def main() -> None:
    workspace = kit.find_workspace(Path(__file__).parent)
    addon = kit.load_addon(workspace.addons / "skb-filter")
    options = kit.RunOptions(workload=("ping", "-c3", "localhost"))
    recording = kit.run([addon], kit.setting(), workspace.traces, print, options)
    event = recording.summary().events["netif_receive_skb_filter"]
    lengths = event.fields["len"]
    print(f"{event.count} packets on lo, {lengths.min} to {lengths.max} bytes long")


if __name__ == "__main__":
    main()
