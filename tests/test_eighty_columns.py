# SPDX-License-Identifier: GPL-2.0-only
"""On a terminal of 80 columns, no table has a longer line, and no number in it is cut, however long names are."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import pytest
from rich.console import RenderableType

from lttng_addon_client import Hits, Row
from lttng_addon_kit.output.aggregate_tables import aggregate_tables
from lttng_addon_kit.output.spans_table import spans_table
from lttng_addon_kit.output.summary_text import print_summary
from lttng_addon_kit.output.tables import Rows, write_rows
from lttng_addon_kit.session.collected import AggregateRows, Snapshot
from lttng_addon_kit.session.recording import RecordedSpan
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import aggregate_kinds
from lttng_addon_kit.terminal import open_console
from lttng_addon_kit.trace.model import (
    Arrays,
    Bucket,
    CpuShare,
    DamageSummary,
    EventSummary,
    FieldSummary,
    Numbers,
    Pointers,
    Summary,
    TextValues,
    TimelineSummary,
)

NAME = "netif_receive_skb_of_every_interface_that_is_up"
SMALL = (3, 84)
LARGE = (9_223_372_036_854_775_807, 1_234_567_890_123)
HUGE = ((1 << 127) - 1, (1 << 64) - 1)
NUMBER = re.compile(r"-?\d[\d,.]*\d|\d")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")


def printed(parts: Iterable[RenderableType]) -> str:
    out = Terminal()
    console = open_console(out)
    assert console.width == 80
    for part in parts:
        console.print(part)
    return out.getvalue()


def check(text: str, numbers: Iterable[object]) -> None:
    """All lines fit, and all numbers are there as they are."""
    assert [line for line in text.splitlines() if len(line) > 80] == []
    shown = set(NUMBER.findall(text))
    wanted = {f"{each:,}" if isinstance(each, int) else str(each) for each in numbers}
    assert wanted <= shown, text


def snapshot(kind: str, key: object, numbers: tuple[int, int]) -> Snapshot:
    total, each = numbers
    buckets = ((None, each), (0, 1), (1, each), (2, 0))
    row = Row(
        key=key,
        count=each,
        sum=total,
        min=-each,
        max=each,
        buckets=buckets if kind == "histogram" else (),
        last=-each,
        last_ns=each,
    )
    rows = AggregateRows(
        kind=kind, value="skb->dev->stats.rx_bytes", by="skb->dev->name", rows=(row,) * 5, overflow=each
    )
    return Snapshot(
        addon="a", hits={NAME: Hits(seen=each, passed=each, recorded=each, lost=each)}, aggregates={NAME: rows}
    )


def nothing(kind: str) -> Snapshot:
    rows = AggregateRows(kind=kind, value="skb->dev->stats.rx_bytes", by="skb->dev->name", rows=(), overflow=0)
    return Snapshot(addon="a", hits={NAME: Hits(seen=0, passed=0, recorded=0, lost=0)}, aggregates={NAME: rows})


@pytest.mark.parametrize("numbers", [SMALL, LARGE, HUGE])
@pytest.mark.parametrize("key", ["lo", "a-thread-with-a-long-name/and-more-of-it-behind-a-slash", 1 << 63])
@pytest.mark.parametrize("kind", aggregate_kinds())
def test_aggregates(kind: str, key: object, numbers: tuple[int, int]) -> None:
    text = printed(aggregate_tables(nothing(kind), snapshot(kind, key, numbers)))
    check(text, [numbers[1]])


@pytest.mark.parametrize("number", [*SMALL, *LARGE, HUGE[1]])
def test_spans(number: int) -> None:
    span = RecordedSpan(**dict.fromkeys(RecordedSpan.model_fields, number))
    text = printed([spans_table({NAME: span, "io": span})])
    check(text, [number])
    assert text.count(f"{number:,}") == 2 * len(RecordedSpan.model_fields)


def lists() -> dict[str, Rows]:
    hook = f"kretprobe:{NAME}"
    prototype = "struct net_device *dev, const struct sk_buff *skb, unsigned long long flags, int budget_of_the_poll"
    return {
        "check": [
            {"addon": "a-rather-long-name", "event": NAME, "hook": hook, "field": "bytes_received", "type": "u64",
             "value": "skb->dev->stats.rx_bytes + skb->dev->stats.tx_bytes"},
            {"addon": "a-rather-long-name", "aggregate": NAME, "kind": "histogram", "value": "skb->len"},
        ],
        "traces": [
            {"trace": "20261125-184402-a-rather-long-name+another-one+a-third-that-is-longer", "state": "complete",
             "begun": "2026-11-25T18:44:02+00:00", "target": "bookworm", "kernel": "6.1.0-56-cloud-amd64",
             "addons": ["a-rather-long-name", "another"], "events": 1_234_567_890, "workload": ["ping", "-c3", "lo"]},
        ],
        "targets": [{"target": f"ssh:{NAME}.example.org", "created": "yes", "kernel": "6.1.0-56-cloud-amd64"}],
        "functions": [{"name": NAME, "module": "nf_conntrack", "prototype": prototype}],
        "templates": [{"name": "skb-filter", "description": f"{prototype} {prototype}"}],
        "cache": [
            {"kind": "recordings that had no room elsewhere", "count": 123_456, "size": "123,456,789.0 MB",
             "removed_by": f"lttng-addon target remove ssh:{NAME}.example.org"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("a_line_each", [False, True])
@pytest.mark.parametrize("name", lists())
def test_lists(name: str, a_line_each: bool) -> None:
    out = Terminal()
    rows = lists()[name]
    write_rows(rows, out, as_json=False, a_line_each=a_line_each)
    assert [line for line in out.getvalue().splitlines() if len(line) > 80] == []
    for value in (each for row in rows for each in row.values()):
        if isinstance(value, int) or str(value).endswith(" MB"):
            assert str(value) in out.getvalue()


def numbers_of(low: float, high: float, base: int = 10) -> Numbers:
    top = [(low, 3), (high, 1)]
    histogram = [Bucket(each, each + 1, each) for each in range(20)]
    return Numbers("integer", base, 4, True, low, (low + high) / 2, low, high, high, 2, top, histogram)


def summary(fields: dict[str, FieldSummary]) -> Summary:
    event = EventSummary(
        count=1_234_567_890,
        rate_hz=1234.5,
        begin_ns=0,
        end_ns=10**12,
        per_cpu={str(cpu): CpuShare(10, 1 / 128) for cpu in range(128)},
        timeline=TimelineSummary(0, 10**9, [1, 2] * 20),
        fields=fields,
        context=fields,
    )
    damage = [DamageSummary(f"traces/{NAME}/{NAME}/kernel/channel0_0", "lacks 2 of the 3 packets in its index")]
    return Summary(f"traces/20261125-184402-{NAME}", 0, 10**12, 10**10, 10**9, damage, {NAME: event, "a_b": event})


@pytest.mark.parametrize("field", ["len", NAME, "duration_ns"])
@pytest.mark.parametrize("base", [2, 10, 16])
@pytest.mark.parametrize(("low", "high"), [SMALL, (-LARGE[0], LARGE[0]), (0, HUGE[1]), (1_000_000, 9_999_999_999)])
def test_summaries(field: str, base: int, low: int, high: int) -> None:
    texts = [(f"a value of some words, number {each}", 250) for each in range(4)]
    out = Terminal()
    print_summary(
        summary(
            {
                field: numbers_of(low, high, base),
                f"{field}_text": TextValues("text", 1000, True, 4, texts),
                f"{field}_pointer": Pointers(1_234_567_890, False, 999_999_999, 123_456_789),
                f"{field}_array": Arrays(4, True, numbers_of(0, 1000), 2, [("[1, 2, 3]", 4)]),
            }
        ),
        open_console(out),
    )
    text = out.getvalue()
    check(text, [1_234_567_890, 999_999_999, 123_456_789, 10**9])
    assert text.count("25%") >= 16
    if base == 10 and field == "len" and high < 10**11:
        check(text, [low, high])
