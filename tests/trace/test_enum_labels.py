# SPDX-License-Identifier: GPL-2.0-only
"""How values of enumerations are named: by a label, by the flags that are set, or by the number."""

from __future__ import annotations

import pytest

from lttng_addon_kit.trace.rendering import enum_label

FLAGS = (("UP", 1, 1), ("LOOPBACK", 8, 8), ("TOP", 1 << 63, 1 << 63))
STATES = (("IDLE", 0, 0), ("BUSY", 1, 1), ("GONE", 2, 2))
RANGES = (("low", 0, 9), ("high", 5, 20))


@pytest.mark.parametrize(
    ("labels", "value", "shown"),
    [
        (FLAGS, 1, "UP"),
        (FLAGS, 9, "UP|LOOPBACK"),
        (FLAGS, 9 | 1 << 63, "UP|LOOPBACK|TOP"),
        (FLAGS, 0, "0"),
        (FLAGS, 0x19, "UP|LOOPBACK|0x10"),
        (FLAGS, 0x10, "16"),
        (FLAGS, -1, "-1"),
        (STATES, 2, "GONE"),
        (STATES, 3, "3"),
        (RANGES, 7, "low|high"),
        (RANGES, 21, "21"),
    ],
)
def test_names(labels: tuple[tuple[str, int, int], ...], value: int, shown: str) -> None:
    assert enum_label(labels)(value) == shown
