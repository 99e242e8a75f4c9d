# SPDX-License-Identifier: GPL-2.0-only
"""Entries of tables as the command line gives them (`--table`): refused, or as the tables take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.lookup_table import LookupTable

# Of what is refused, in the message that says so.
_SHOWN = 40


@dataclass(frozen=True)
class FirstEntry:
    """What a table is given before anything is recorded."""

    table: str
    key: int | str
    value: int


def choose_entries(addons: Sequence[Addon], given: Mapping[str, str]) -> list[tuple[FirstEntry, ...]]:
    """Pick each addon's own of the given values, by `TABLE:KEY`, as its tables take them.

    Returns:
        One tuple an addon, in their order.

    Raises:
        UsageError: no addon has such a table, or it takes no such key or value.
    """
    known = {table.name for addon in addons for table in addon.tables}
    for place in given:
        name, colon, _ = place.partition(":")
        if not colon:
            raise UsageError(f"--table takes TABLE:KEY=VALUE, not {place!r} as TABLE:KEY")
        if name not in known:
            names = ", ".join(addon.name for addon in addons)
            raise UsageError(f"no table {name!r} in {names}", hint=nearest(name, known))
    return [tuple(_own(addon, given)) for addon in addons]


def _own(addon: Addon, given: Mapping[str, str]) -> list[FirstEntry]:
    entries: list[FirstEntry] = []
    for table in addon.tables:
        found = {place.partition(":")[2]: value for place, value in given.items() if place.startswith(f"{table.name}:")}
        if len(found) > table.entries:
            raise UsageError(f"--table {table.name}: it has room for {table.entries} keys, not for {len(found)}")
        entries += (FirstEntry(table.name, _key(table, key), _value(table, value)) for key, value in found.items())
    return entries


def _key(table: LookupTable, text: str) -> int | str:
    if not table.key.startswith("char["):
        return _number(table, table.key, text)
    longest = int(table.key[5:-1])
    if len(text.encode()) > longest:
        raise UsageError(f"--table {table.name}: {text[:_SHOWN]!r} is no key, which has at most {longest} bytes")
    return text


def _value(table: LookupTable, text: str) -> int:
    if table.value == "bool":
        text = {"true": "1", "false": "0"}.get(text, text)
    return _number(table, table.value, text)


def _number(table: LookupTable, type_: str, text: str) -> int:
    bits = 1 if type_ == "bool" else int(type_[1:])
    least, beyond = (-(1 << bits - 1), 1 << bits - 1) if type_.startswith("s") else (0, 1 << bits)
    try:
        number = int(text, 0)
    except ValueError:
        number = beyond
    if not least <= number < beyond:
        raise UsageError(f"--table {table.name}: {text[:_SHOWN]!r} is no {type_}, which is {least} to {beyond - 1}")
    return number
