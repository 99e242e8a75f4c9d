# SPDX-License-Identifier: GPL-2.0-only
"""What passed, what is in the trace and what was lost are compared, and what is missing is said in numbers."""

from __future__ import annotations

from datetime import datetime

import pytest

from lttng_addon_kit.output.balance import find_imbalance, find_strangers
from lttng_addon_kit.session.lttng import Loss
from lttng_addon_kit.session.recording import RecordedAddon, RecordedEvent, Recording


def _recording(passed: int, at_least: int | None, loss: Loss) -> Recording:
    event = RecordedEvent(
        name="a_b", hook="tracepoint:a", filter=None, seen=passed, passed=passed, passed_at_least=at_least
    )
    return Recording(
        begun=datetime(2026, 1, 1),
        target="t",
        kernel_release="6.1",
        lttng_version="2.13.9",
        addons=(RecordedAddon(name="a", parameters={}, events=(event,)),),
        workload=(),
        workload_status=0,
        interrupted=False,
        loss=loss,
        kernel_problems=(),
    )


@pytest.mark.parametrize(
    ("passed", "at_least", "recorded", "discarded"),
    [
        (4, 4, 4, 0),
        (10, 8, 8, 0),  # two passed before the session started
        (10, 8, 10, 0),
        (63_531, 63_531, 19_578, 43_953),
        (10, None, 3, 0),  # an older recording.json
    ],
)
def test_numbers_that_agree(passed: int, at_least: int | None, recorded: int, discarded: int) -> None:
    loss = Loss(discarded, 0)
    assert find_imbalance(_recording(passed, at_least, loss), {"a_b": recorded}, discarded, 0) == []


def test_what_is_missing_is_named() -> None:
    assert find_imbalance(_recording(63_531, 63_531, Loss(0, 0)), {"a_b": 19_578}, 0, 0) == [
        "63,531 events passed while the session recorded, but the trace has 19,578 and 0 were discarded:"
        " 43,953 are missing"
    ]


def test_more_than_passed_is_named() -> None:
    assert find_imbalance(_recording(4, 4, Loss(0, 0)), {"a_b": 20}, 0, 0) == ["a_b: 4 passed, but the trace has 20"]


@pytest.mark.parametrize(
    ("discarded", "packets", "said"),
    [
        (0, 0, "discarded events: 0 by the trace, but 4 by LTTng's own count"),
        (1 << 40, 0, "discarded events: 1,099,511,627,776 by the trace, but 4 by LTTng's own count"),
        (4, 1 << 32, "discarded packets: 4,294,967,296 by the trace, but 0 by LTTng's own count"),
    ],
)
def test_what_trace_and_lttng_count_differently_is_named(discarded: int, packets: int, said: str) -> None:
    assert find_imbalance(_recording(10, 10, Loss(4, 0)), {"a_b": 6}, discarded, packets) == [said]


def test_more_passed_than_hit_is_named() -> None:
    recording = _recording(10, 12, Loss(0, 0))
    assert find_imbalance(recording, {"a_b": 10}, 0, 0)[0] == (
        "a_b: 10 hits, but 10 passed the filter, 12 of them while the session recorded"
    )


def test_lost_packets_hide_how_many() -> None:
    assert find_imbalance(_recording(10, 10, Loss(0, 1)), {"a_b": 6}, 0, 1) == []


def test_events_and_fields_that_the_recording_lacks_are_named() -> None:
    recording = _recording(4, 4, Loss(0, 0))
    event = recording.events[0].model_copy(update={"fields": ("len", "name")})
    recording = recording.model_copy(update={"addons": (RecordedAddon(name="a", parameters={}, events=(event,)),)})
    assert find_strangers(recording, {"a_b": ("name", "len")}) == []
    assert find_strangers(recording, {"a_b": ("len", "nape")}) == [
        "a_b: its fields are 'len', 'name', but 'len', 'nape' in the trace"
    ]
    assert find_strangers(recording, {"a_c": ("len", "name")}) == [
        "the trace has events called 'a_c', which was not enabled"
    ]


def test_fields_that_were_not_recorded_are_not_compared() -> None:
    assert find_strangers(_recording(4, 4, Loss(0, 0)), {"a_b": ("anything",)}) == []
