# SPDX-License-Identifier: GPL-2.0-only
"""What is printed: the summary as text and JSON, and the events themselves."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from pydantic import TypeAdapter
from rich.console import Console

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.events_text import view
from lttng_addon_kit.output.report import read_report
from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.output.summary_text import bar_line, print_summary
from lttng_addon_kit.trace.model import DamageSummary, EventSummary, Summary, TextValues
from lttng_addon_kit.trace.statistics import NumberStatistics
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.trace.units import duration, figure, rate, share
from lttng_addon_kit.trace.value_counts import Room
from tests.trace.real_traces import DATA, copied, lines_of, overwrite
from tests.troubleshooting import shows

PROJECT = Path(__file__).parents[2]


def _printed(summary: Summary, width: int = 100) -> str:
    out = io.StringIO()
    print_summary(summary, Console(file=out, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_text_of_skb_filter() -> None:
    summary = replace(summarise(DATA / "bookworm-skb-filter"), trace="T")
    lines = _printed(summary).splitlines()
    assert lines[0] == "Trace T: 4 events in 1.44 s"
    assert "netif_receive_skb_filter  4 events, 2.78 Hz, first to last 1 s" in lines
    assert any(line.split()[:6] == ["len", "84", "84", "84", "84", "84"] for line in lines)
    assert any(line.split() == ["name", "1", '"lo"', "100%"] for line in lines)
    assert any(line.split() == ["skbaddr", "2", "pointers"] for line in lines)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", ["bookworm", "sid", "bookworm-lossy"])
def test_text_fits(name: str, width: int) -> None:
    printed = _printed(replace(summarise(DATA / name), trace="T"), width)
    assert all(len(line) <= width for line in printed.splitlines())
    assert "\x1b" not in printed


def test_figures_are_never_cut() -> None:
    figures = NumberStatistics("integer", 10, Room())
    figures.add(numpy.array([10**10 + at * 10**9 for at in range(90)]))
    event = EventSummary(90, 1.0, 1, 1, {}, None, {"a_field_of_a_long_name_that_wraps": figures.result()})
    printed = _printed(Summary("T", 0, 2, 0, 0, [], {"e": event}), 80)
    assert "10,000,000,000" in printed
    assert "99,000,000,000" in printed
    assert "…" not in printed


def test_losses_and_damage_are_said_and_what_to_do() -> None:
    summary = Summary("T", None, None, 79370, 1, [DamageSummary("T/c_0", "is cut short")], {})
    printed = _printed(summary, 120)
    assert "79,370 events were discarded" in printed
    assert "1 packet was discarded" in printed
    assert "larger or more sub-buffers" in printed
    assert "Damaged: T/c_0 is cut short" in printed


def test_no_events_are_said_in_words() -> None:
    event = EventSummary(0, None, None, None, {}, None, {})
    printed = _printed(Summary("T", None, None, 0, 0, [], {"netif": event}))
    assert "Trace T: no events" in printed
    assert "netif  no events" in printed


def test_text_from_the_kernel_commands_no_terminal() -> None:
    field = TextValues("text", 1, True, 1, [("\x1b[2Jred[bold]", 1)])
    event = EventSummary(1, 1.0, 1, 1, {}, None, {"name": field})
    printed = _printed(Summary("T", 0, 2, 0, 0, [], {"e": event}))
    assert r'"\x1b[2Jred[bold]" 100%' in printed


@pytest.mark.parametrize("name", ["bookworm", "bookworm-lossy", "bookworm-skb-filter"])
def test_json_is_plain_and_read_back(name: str) -> None:
    summary = summarise(DATA / name)
    data = json.loads(json.dumps(to_json(summary), allow_nan=False))
    assert TypeAdapter(Summary).validate_python(data) == summary


def test_units() -> None:
    assert [duration(ns) for ns in (0, 850, 33_554_432, 1_441_335_440)] == ["0 ns", "850 ns", "33.6 ms", "1.44 s"]
    assert [rate(hz) for hz in (0.0, 2.775, 952_353.0)] == ["0 Hz", "2.77 Hz", "952 kHz"]
    assert [share(part) for part in (0.0, 0.001, 0.25, 1.0)] == ["0%", "<1%", "25%", "100%"]
    assert [figure(value) for value in (1234567, 0.25, 1234.5, 140_725_581_000_000)] == [
        "1,234,567",
        "0.25",
        "1,234",
        "1.41e14",
    ]
    assert bar_line([0, 1, 1000]) == " ▁█"


def _viewed(trace: Path, *, shell: str = "cat") -> subprocess.CompletedProcess[str]:
    """`view` in a process of its own, its output piped into a command; a KitError ends it with status 1."""
    program = (
        "import sys, pathlib\n"
        "from lttng_addon_kit.errors import KitError\n"
        "from lttng_addon_kit.output.events_text import view\n"
        "try: view(pathlib.Path(sys.argv[1]), sys.stdout)\n"
        "except KitError as error: sys.exit(str(error))\n"
    )
    command = f'set -o pipefail; "$0" -c "$1" "$2" | {shell}'
    return subprocess.run(
        ["bash", "-c", command, sys.executable, program, str(trace)],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_view_is_what_babeltrace2_prints_with_addresses_and_no_hidden_lengths() -> None:
    done = _viewed(DATA / "bookworm")
    assert (done.returncode, done.stderr) == (0, "")
    text = "\n".join(lines_of(DATA / "bookworm"))
    for raw, shown in (
        ("_v4addr_length = 0, ", ""),
        ("_v4addr_length = 4, ", ""),
        ("_v6addr_length = 0, ", ""),
        ("[ [0] = 127, [1] = 0, [2] = 0, [3] = 1 ]", "127.0.0.1"),
    ):
        assert raw in text
        text = text.replace(raw, shown)
    assert done.stdout.splitlines() == text.splitlines()


def test_view_into_a_full_file() -> None:
    with Path("/dev/full").open("w") as out, pytest.raises(OSError, match="No space left"):
        view(DATA / "bookworm", out)


def test_view_into_a_file(tmp_path: Path) -> None:
    with (tmp_path / "events").open("w") as out:
        view(DATA / "bookworm-skb-filter", out)
    assert (tmp_path / "events").read_text().splitlines() == lines_of(DATA / "bookworm-skb-filter")


def test_view_ends_quietly_when_nobody_reads_on() -> None:
    done = _viewed(DATA / "bookworm", shell="head -1")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_view_of_a_damaged_trace_prints_the_rest(tmp_path: Path) -> None:
    folder = copied("bookworm", tmp_path)
    rest = sum("cpu_id = 0" in line for line in lines_of(folder))
    overwrite(folder / "c_1", 0, b"\xff\xff")
    done = _viewed(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: the trace is damaged: {folder}/c_1 has a packet at byte 0")
    assert len(done.stdout.splitlines()) == rest


def test_view_of_no_trace(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="holds no CTF trace"):
        view(tmp_path, sys.stdout)


def test_an_incomplete_trace_is_shown_and_refused(tmp_path: Path) -> None:
    (copied("bookworm-lossy", tmp_path) / "c_0").unlink()
    report = read_report(tmp_path)
    assert report.summary is not None
    assert report.summary.count > 0
    with pytest.raises(KitError) as caught:
        report.refuse_incomplete()
    shows("A stream of a trace is missing", str(caught.value))
