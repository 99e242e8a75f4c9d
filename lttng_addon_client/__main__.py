# SPDX-License-Identifier: GPL-2.0-only
"""`python3 -m lttng_addon_client NAME [SECONDS]`: what an addon collected, a line of JSON every so often."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from .abi_values import AggregateReading
from .client import Interface
from .description import InterfaceError


def snapshot(addon: Interface) -> dict[str, Any]:
    """Aggregates and hits as plain data; docs/summary.md has the keys."""
    return {
        "addon": addon.description.name,
        "hits": {name: asdict(hits) for name, hits in addon.hits().items()},
        "aggregates": {each.info.name: _aggregate(each) for each in addon.aggregates()},
    }


def _aggregate(aggregate: AggregateReading) -> dict[str, Any]:
    info = aggregate.info
    return {
        "kind": info.kind,
        "value": info.value,
        "by": info.by,
        "rows": [asdict(row) for row in aggregate.rows],
        "every_ns": info.every_ns,
        "overflow": aggregate.overflow,
        "unsure": aggregate.unsure,
    }


def main(arguments: list[str]) -> int:
    """Print one snapshot, or one every SECONDS until standard output is closed."""
    if len(arguments) not in (1, 2):
        print("usage: python3 -m lttng_addon_client NAME [SECONDS]", file=sys.stderr)
        return 2
    try:
        with Interface.open(arguments[0]) as addon:
            print(json.dumps(snapshot(addon)), flush=True)
            while len(arguments) == 2:
                time.sleep(float(arguments[1]))
                print(json.dumps(snapshot(addon)), flush=True)
    except InterfaceError as error:
        print(error, file=sys.stderr)
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
