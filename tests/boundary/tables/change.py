# SPDX-License-Identifier: GPL-2.0-only
"""What the hammer's probes read was whole; a full table; tables as mappings; what /proc shows."""

import os
from contextlib import suppress
from pathlib import Path

from lttng_addon_client import Interface, InterfaceError


def count(name: str) -> int:
    return sum(row.count for row in addon.aggregate(name).rows)


def refused(table: str, key: str | int, value: int) -> str:
    try:
        addon.table(table)[key] = value
    except InterfaceError as error:
        return str(error)
    return "taken"


def hit(number: int) -> None:
    with suppress(ProcessLookupError, OSError):
        os.kill(0x7FFFFFFF, number)


with Interface.open("tables") as addon:
    read = {name: count(name) for name in ("found", "missing", "found_in_interrupts")}
    assert min(read.values()) > 100, read
    print("wrong:", count("wrong"), "wrong in interrupts:", count("wrong_in_interrupts"))

    pairs, names, signs = (addon.table(name) for name in ("pairs", "names", "signs"))
    pairs.clear()
    assert (len(pairs), list(pairs), 3 in pairs) == (0, [], False)
    pairs.update({key: key * 10 for key in range(16)})
    print("full:", refused("pairs", 16, 0))
    pairs[3] = 2**64 - 1
    assert (pairs[3], len(pairs)) == (2**64 - 1, 16)
    del pairs[5]
    pairs[16] = 7
    assert sorted(pairs) == [*range(5), *range(6, 17)]
    try:
        del pairs[5]
    except KeyError as error:
        print("no key:", error)
    for table, key, value in (
        ("pairs", -1, 0),
        ("pairs", "text", 0),
        ("names", 1, 0),
        ("names", "more than 16 bytes", 0),
        ("names", "python3", 2**15),
    ):
        print(refused(table, key, value).partition(":")[0])

    names.update({"python3": -3, "0123456789abcdef": 1})
    signs.update({-5: True, 5: False})
    assert dict(names) == {"python3": -3, "0123456789abcdef": 1}, dict(names)
    assert dict(signs) == {-5: True, 5: False}, dict(signs)
    before = count("named"), addon.aggregate("negative").rows
    for number in (-5, 5, 6):
        hit(number)
    after = addon.aggregate("named").rows[0]
    print("named:", after.count - before[0], after.sum, "negative:", count("negative"))
    text = Path("/proc/lttng-addons/tables").read_text()
    print(text[text.index("\nnames: ") :].splitlines()[1])
    assert "  -5 1\n" in text and "pairs: u32 to u64, 16 of 16 entries" in text, text
