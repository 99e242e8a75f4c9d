# SPDX-License-Identifier: GPL-2.0-only
"""Entries of tables on the command line: taken by their types, or refused with what is wrong."""

from __future__ import annotations

import pytest

from lttng_addon_kit.errors import UsageError, render
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.first_entries import FirstEntry, choose_entries


def _addon(*tables: dict[str, object]) -> Addon:
    return Addon.model_validate({"addon": {"name": "watch"}, "table": list(tables)})


ADDON = _addon(
    {"name": "pids", "key": "u32"},
    {"name": "names", "key": "char[8]", "value": "s16", "entries": 2},
    {"name": "flags", "key": "s8", "value": "bool"},
)


def test_each_addon_gets_its_own_by_their_types() -> None:
    other = _addon({"name": "ports", "key": "u16"})
    given = {"pids:0x10": "5", "names:a:b": "-3", "flags:-128": "true", "ports:80": "1", "pids:3": "0"}
    assert choose_entries([ADDON, other], given) == [
        (
            FirstEntry("pids", 16, 5),
            FirstEntry("pids", 3, 0),
            FirstEntry("names", "a:b", -3),
            FirstEntry("flags", -128, 1),
        ),
        (FirstEntry("ports", 80, 1),),
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pids": "3"}, "--table takes TABLE:KEY=VALUE, not 'pids' as TABLE:KEY"),
        ({"pid:1": "3"}, "no table 'pid' in watch\n  hint: did you mean 'pids'?"),
        ({"pids:x": "3"}, "--table pids: 'x' is no u32, which is 0 to 4294967295"),
        ({"pids:-1": "3"}, "--table pids: '-1' is no u32, which is 0 to 4294967295"),
        ({"pids:1": "1.5"}, "--table pids: '1.5' is no u64, which is 0 to 18446744073709551615"),
        ({"names:name-of-9": "3"}, "--table names: 'name-of-9' is no key, which has at most 8 bytes"),
        ({"names:x": "32768"}, "--table names: '32768' is no s16, which is -32768 to 32767"),
        ({"flags:1": "2"}, "--table flags: '2' is no bool, which is 0 to 1"),
        ({"names:a": "1", "names:b": "1", "names:c": "1"}, "--table names: it has room for 2 keys, not for 3"),
    ],
)
def test_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        choose_entries([ADDON], given)
    assert render(refused.value) == f"error: {said}"
