# SPDX-License-Identifier: GPL-2.0-only
"""`python3 -m lttng_addon_client NAME`: what an addon collected, and its tables, as JSON.

python3 -m lttng_addon_client NAME [SECONDS]                    a line now, or every so often
python3 -m lttng_addon_client NAME --set TABLE KEY VALUE ...    gives keys of tables their values
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from .abi_values import AggregateReading
from .client import Interface
from .description import InterfaceError
from .table_entries import TableEntries


def snapshot(addon: Interface) -> dict[str, Any]:
    """Aggregates, hits and tables as plain data; docs/summary.md has the keys."""
    return {
        "addon": addon.description.name,
        "hits": {name: asdict(hits) for name, hits in addon.hits().items()},
        "aggregates": {each.info.name: _aggregate(each) for each in addon.aggregates()},
        "tables": {each.info.name: _table(each) for each in addon.tables()},
    }


def _aggregate(aggregate: AggregateReading) -> dict[str, Any]:
    info = aggregate.info
    return {
        "kind": info.kind,
        "value": info.value,
        "by": info.by,
        "rows": [asdict(row) for row in aggregate.rows],
        "overflow": aggregate.overflow,
    }


def _table(table: TableEntries) -> dict[str, Any]:
    types = {member.name: member.type for member in table.info.layout.members}
    return {**types, "room": table.info.entries, "entries": list(table.items())}


def print_snapshots(addon: Interface, every: float | None) -> None:
    """Print one snapshot, or one every so many seconds until standard output is closed."""
    print(json.dumps(snapshot(addon)), flush=True)
    while every is not None:
        time.sleep(every)
        print(json.dumps(snapshot(addon)), flush=True)


def set_entries(addon: Interface, words: list[str]) -> None:
    """Give keys of tables their values: words are TABLE, KEY, VALUE, and so on."""
    for name, key, value in zip(words[::3], words[1::3], words[2::3], strict=True):
        table = addon.table(name)
        table[key if table.has_text_keys else int(key, 0)] = int(value, 0)


def main(arguments: list[str]) -> int:
    """Do what the words of the command line say; return the exit status."""
    sets = arguments[1:2] == ["--set"] and len(arguments) > 2 and len(arguments) % 3 == 2
    if not sets and len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with Interface.open(arguments[0]) as addon:
            if sets:
                set_entries(addon, arguments[2:])
            else:
                print_snapshots(addon, float(arguments[1]) if len(arguments) == 2 else None)
    except InterfaceError as error:
        print(error, file=sys.stderr)
        return 1
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
