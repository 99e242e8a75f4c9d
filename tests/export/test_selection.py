# SPDX-License-Identifier: GPL-2.0-only
"""Which events are exported: by name, by an expression, by time; and what is refused, in which words."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lttng_addon_kit.cli.words import parse_moment
from lttng_addon_kit.errors import UsageError, render
from lttng_addon_kit.trace.selection import Selection, TraceTime
from tests.conftest import Command
from tests.export.test_export_tables import exported
from tests.export.written_spans import HOSTILE, SPANS, write_spans
from tests.trace.real_traces import DATA
from tests.trace.written import Event, write_trace

# What holds in C, and the same in Python over (end in us, duration in us, CPU, tid, command).
HOLDS: list[tuple[str, Any]] = [
    ("took > 250000", lambda end, took, cpu, tid, comm: took > 250),
    ('comm == "dd"', lambda end, took, cpu, tid, comm: comm == "dd"),
    ('comm != "dd" || tid == 12', lambda end, took, cpu, tid, comm: comm != "dd" or tid == 12),
    (f'comm == "{HOSTILE}"', lambda end, took, cpu, tid, comm: comm == HOSTILE),
    ("cpu == 1 && !(took < 1000000)", lambda end, took, cpu, tid, comm: cpu == 1 and took >= 1000),
    ("took", lambda end, took, cpu, tid, comm: took != 0),
    ("tid % 2 ? took > 0 : took == 900000", lambda end, took, cpu, tid, comm: took > 0 if tid % 2 else took == 900),
    ("took / 1000 + 1 == 41", lambda end, took, cpu, tid, comm: took == 40),
    ("(tid & 3) == 3", lambda end, took, cpu, tid, comm: tid & 3 == 3),
    ("-1 < took", lambda end, took, cpu, tid, comm: True),
    ("tid > -1 && took < 0xffffffffffffffff", lambda end, took, cpu, tid, comm: True),
    ("tid - 12 < 0", lambda end, took, cpu, tid, comm: tid < 12),
    ('startswith(comm, "sy", "x")', lambda end, took, cpu, tid, comm: comm == "sync"),
    ('contains(comm, "script")', lambda end, took, cpu, tid, comm: comm == HOSTILE),
    ("one_of(tid, 12, 13)", lambda end, took, cpu, tid, comm: tid in (12, 13)),
    ('comm > "e"', lambda end, took, cpu, tid, comm: comm > "e"),
    ("1", lambda end, took, cpu, tid, comm: True),
    ("0 && took", lambda end, took, cpu, tid, comm: False),
    ("time >= 2000000", lambda end, took, cpu, tid, comm: end >= 2000),
]


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_spans(tmp_path_factory.mktemp("spans") / "recording")


def ends(recording: Path, out: Path, selection: Selection) -> list[int]:
    exported(recording, "jsonl", out, selection)
    times = [json.loads(line)["time"] for line in out.read_text().splitlines()]
    return [int(time[-10:-1]) // 1000 for time in times]


@pytest.mark.parametrize(("text", "holds"), HOLDS)
def test_where(text: str, holds: Any, recording: Path, tmp_path: Path) -> None:
    expected = [span[0] for span in SPANS if holds(*span)]
    assert ends(recording, tmp_path / "out", Selection(where=text)) == expected


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("0s", "", [1000, 1200, 1250, 2000, 2300, 2300]),
        ("0.2ms", "1ms", [1200, 1250]),
        ("1970-01-01T00:00:00.002Z", "", [2000, 2300, 2300]),
        ("", "1970-01-01T01:00:00.0012+01:00", [1000]),
        ("1.3ms", "5s", [2300, 2300]),
        ("5s", "", []),
    ],
)
def test_from_until(begin: str, end: str, expected: list[int], recording: Path, tmp_path: Path) -> None:
    moments = [parse_moment(text, "--from") if text else None for text in (begin, end)]
    assert ends(recording, tmp_path / "out", Selection(begin=moments[0], end=moments[1])) == expected


def test_a_time_of_day_as_view_shows_it(tmp_path: Path) -> None:
    printed = subprocess.run(["babeltrace2", DATA / "bookworm"], capture_output=True, text=True, check=True).stdout
    lines = printed.splitlines()
    moment = parse_moment(lines[100][1:19], "--from")
    assert exported(DATA / "bookworm", "jsonl", tmp_path / "out", Selection(begin=moment)) == len(lines) - 100


def test_a_time_after_midnight() -> None:
    late = TraceTime(1_767_225_599 * 10**9).absolute(None)  # 23:59:59 UTC
    for hour in range(24):
        moment = TraceTime(hour * 3600 * 10**9, "midnight").absolute(late)
        assert -12 * 3600 * 10**9 < moment - late <= 24 * 3600 * 10**9


@pytest.mark.parametrize("text", ["", "x", "10", "25:00:00", "2026-13-01", "1e3s", "10:00:01.1234567890"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UsageError, match=r"--from takes 1\.5s"):
        parse_moment(text, "--from")


REFUSED = [
    ("tok > 1", "no event has a field 'tok'", "did you mean 'took'"),
    ("took >", "the expression ends too early", ""),
    ("took = 1", "'=' changes a value", "compare with '=='"),
    ('took == "x"', "a number and a text can't be compared", ""),
    ("stack == 1", "an array and a number can't be compared", ""),
    ("comm && 1", "a number is needed here, but this is a text", ""),
    ("comm + 1 == 2", "a number is needed here, but this is a text", ""),
    ("comm->x", "a recorded value leads nowhere", "as `view` shows them"),
    ("$duration_ns > 1", "is known while an event is recorded only", ""),
    ("pid() == 1", "no function pid() of recorded values", ""),
    ("took / (took - took)", "divide by zero", ""),
    ("__import__('os').system('x')", "is not one ASCII character", ""),
    ("sizeof(took)", "this has no meaning for recorded values", ""),
    ("(", "is never closed", ""),
]


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED)
def test_what_is_refused(text: str, message: str, hint: str, recording: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        exported(recording, "jsonl", tmp_path / "out", Selection(where=text))
    assert message in render(error.value)
    assert hint in error.value.hint
    assert [*tmp_path.iterdir()] == []


def test_the_place_in_an_expression_is_shown(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        exported(recording, "jsonl", tmp_path / "out", Selection(where="tid == 1 && comm"))
    assert error.value.details.splitlines() == ["  tid == 1 && comm", "              ^~~~"]


def test_no_such_event(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no event 'sched_swich'") as error:
        exported(DATA / "bookworm", "csv", tmp_path / "out", Selection(("syscall_*", "sched_swich")))
    assert error.value.hint


def test_events_that_lack_a_field_do_not_pass(tmp_path: Path) -> None:
    exported(DATA / "bookworm", "jsonl", tmp_path / "out", Selection(where='context.procname == "ping" && fd >= 0'))
    lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert lines
    assert all(line["context.procname"] == "ping" and line["fd"] >= 0 for line in lines)


def test_labels_and_sizes(tmp_path: Path) -> None:
    def members(trace: Any, payload: Any) -> None:
        state = trace.create_unsigned_enumeration_field_class(8)
        state.add_mapping("running", bt2_ranges((0, 0)))
        state.add_mapping("waiting", bt2_ranges((1, 3)))
        payload += [("state", state), ("small", trace.create_signed_integer_field_class(12))]

    values = [(0, -5), (2, 7), (9, 2047)]
    events = [Event(1000 * at, 0, {"state": state, "small": small}) for at, (state, small) in enumerate(values, 1)]
    trace = write_trace(tmp_path / "trace", members, events)
    exported(trace, "jsonl", tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [(line["state"], line["small"]) for line in lines] == [("running", -5), ("waiting", 7), ("9", 2047)]
    assert exported(trace, "jsonl", tmp_path / "some", Selection(where='state == "waiting" && small < 8')) == 1


def bt2_ranges(*ranges: tuple[int, int]) -> Any:
    import bt2

    return bt2.UnsignedIntegerRangeSet(bt2.UnsignedIntegerRange(*each) for each in ranges)


def test_the_command(lttng_addon: Command, recording: Path, tmp_path: Path) -> None:
    done = lttng_addon("export", str(recording), "--to", "jsonl", "--where", "tid == 11", "-o", "-")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["tid"] for line in done.stdout.splitlines()] == [11, 11, 11]
    done = lttng_addon("export", str(recording), "--to", "parket")
    assert (done.returncode, "did you mean 'parquet'" in done.stderr) == (2, True)
