# SPDX-License-Identifier: GPL-2.0-only
"""LTTng's own count of what it discarded, as `lttng list` says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Output
from lttng_addon_kit.session.lttng import Loss, Lttng

LISTING = """<command xmlns="https://lttng.org/xml/ns/lttng-mi"><channel><attributes>
<discarded_events>{events}</discarded_events><lost_packets>0</lost_packets>
</attributes></channel></command>"""


class _Listing:
    """A machine whose lttng has discarded so many events."""

    name = "any"

    def __init__(self, events: int) -> None:
        self._events = events

    def run_all(self, commands: Sequence[Command], check: bool = True) -> list[Output]:
        assert [command.argv[3] for command in commands] == ["stop", "list"]
        assert not check
        return [Output(0, LISTING.format(events=self._events), "")] * 2


@pytest.mark.parametrize(
    ("said", "discarded"),
    [(0, 0), (17, 17), (9_223_372_036_855_957_860, 1_182_052), ((1 << 63) - 5 + (1 << 63) + 10 & (1 << 64) - 1, 5)],
)
def test_an_overflow_that_was_none_is_not_counted(said: int, discarded: int) -> None:
    assert Lttng(cast(Machine, _Listing(said))).stop("any") == Loss(discarded, 0)
