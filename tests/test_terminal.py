# SPDX-License-Identifier: GPL-2.0-only
"""What a kernel, a trace or a spec says is shown by a terminal, never obeyed: neither markup nor control characters."""

from __future__ import annotations

import io

import pytest

from lttng_addon_kit.errors import KitError, render
from lttng_addon_kit.output.aggregate_tables import _key
from lttng_addon_kit.output.summary_text import print_summary
from lttng_addon_kit.output.tables import write_rows
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.collected import GainedRow
from lttng_addon_kit.terminal import open_console, printable
from lttng_addon_kit.trace.model import EventSummary, Summary, TextValues

HOSTILE = ["[/x]", "[red]y", "\x1b[31m", "\u202eabc", "\x9b2J", ":smile:", "\udc80"]


def shown(text: str) -> str:
    """As ASCII where it is not printable; the rest as it is."""
    return printable(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_console_shows_it(text: str) -> None:
    stream = io.StringIO()
    open_console(stream, width=80).print(text)
    assert stream.getvalue() == shown(text) + "\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_and_a_progress_line_show_it(text: str) -> None:
    stream = io.StringIO()
    write_rows([{"name": text}], stream, as_json=False)
    Progress(open_console(stream, width=80)).say(text)
    with Progress(open_console(stream, width=80)).step(text):
        pass
    assert stream.getvalue().count(shown(text)) == 4


@pytest.mark.parametrize("text", HOSTILE)
def test_a_live_progress_line_shows_it(text: str) -> None:
    console = open_console(io.StringIO(), width=80)
    console._force_terminal = True
    with Progress(console).step(text):
        pass
    assert shown(text) in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_error_shows_it(text: str) -> None:
    assert render(KitError(text, hint=text, details=text)).count(shown(text)) == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_a_summary_shows_it(text: str) -> None:
    field = TextValues("text", 1, True, 1, [(text, 1)])
    event = EventSummary(1, None, 0, 0, {}, None, {text: field})
    stream = io.StringIO()
    print_summary(Summary(text, None, None, 0, 0, [], {text: event}), open_console(stream, width=100))
    assert stream.getvalue().count(shown(text)) == 4


def test_an_aggregates_key_is_shown() -> None:
    row = GainedRow(key="[/x]\x1b", count=1, sum=1, min=1, max=1, min_exact=True, max_exact=True, buckets=())
    assert _key(row, every_ns=0) == "[/x]\\x1b"


def test_a_table_has_the_keys_of_every_row() -> None:
    stream = io.StringIO()
    write_rows([{"name": "a"}, {"name": "b", "error": "a mistake"}], stream, as_json=False)
    assert "error" in stream.getvalue()
    assert "a mistake" in stream.getvalue()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_each_cuts_no_name_and_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    name = "20261123-094136-skb-filter"
    row = {"trace": name, "begun": "2026-11-23T09:41:36+01:00", "target": "bookworm", "events": 12_345_678}
    stream = _Terminal()
    write_rows([row | {"kernel": "6.1.0-56-cloud-amd64", "workload": ["ping"] * 9}], stream, False, a_line_each=True)
    lines = [line for line in stream.getvalue().splitlines() if line.strip()]
    assert len(lines) == 2
    assert name in lines[1]
    assert "12345678" in lines[1]
