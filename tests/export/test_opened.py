# SPDX-License-Identifier: GPL-2.0-only
"""The Python API for recordings: what is read is typed, in order, and what the summary counts."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pytest

import lttng_addon_kit as kit
from tests.export.written_spans import EVENT, SPANS, write_spans
from tests.trace.real_traces import DATA, copied

ENDS = [end * 1000 for end, *_ in SPANS]


@pytest.fixture
def recording(tmp_path: Path) -> kit.OpenRecording:
    return kit.open(write_spans(tmp_path / "recording"))


def test_batches_are_in_order_of_time(recording: kit.OpenRecording) -> None:
    batches = [*recording.events(EVENT)]
    assert all(isinstance(batch, pyarrow.RecordBatch) for batch in batches)
    assert [time.value for batch in batches for time in batch.column("time")] == ENDS


def test_as_tables(recording: kit.OpenRecording) -> None:
    events = recording.events(EVENT)
    took = [took * 1000 for _end, took, *_ in SPANS]
    assert events.to_arrow().column("took").to_pylist() == took
    assert isinstance(frame := events.to_pandas(), pandas.DataFrame)
    assert frame["took"].tolist() == took
    assert str(frame["time"].dtype) == "datetime64[ns, UTC]"
    assert events.to_polars()["took"].to_list() == took


def test_as_streams(recording: kit.OpenRecording) -> None:
    events = recording.events(EVENT)
    found = duckdb.sql("select comm, count(*), sum(took) from events group by comm order by comm").fetchall()  # type: ignore[union-attr]
    assert [(comm, count) for comm, count, _took in found][1:] == [("dd", 4), ("sync", 1)]
    assert sum(took for *_, took in found) == sum(took * 1000 for _end, took, *_ in SPANS)
    assert polars.DataFrame(events).height == len(SPANS)
    assert pyarrow.table(events).num_rows == len(SPANS)


def test_selected(recording: kit.OpenRecording) -> None:
    some = recording.events(EVENT, where="tid == 11", begin=1_100_000, end=datetime(1970, 1, 1, 0, 0, 0, 2000, UTC))
    assert some.to_arrow().column("tid").to_pylist() == [11]


def test_what_was_recorded(recording: kit.OpenRecording) -> None:
    assert recording.recording is not None
    assert recording.recording.target == "bookworm"
    assert recording.summary().events[EVENT].count == len(SPANS)
    assert Path(recording) == recording.folder
    assert kit.open(DATA / "trixie").recording is None


def test_what_is_not_there_is_said_at_once(recording: kit.OpenRecording, tmp_path: Path) -> None:
    with pytest.raises(kit.UsageError, match="no event 'block_latency'"):
        recording.events("block_latency").reader()
    with pytest.raises(kit.UsageError, match="no event has a field 'tok'"):
        iter(recording.events(EVENT, where="tok > 1"))
    with pytest.raises(kit.UsageError, match="no trace"):
        kit.open("none")


def test_nothing_passes(recording: kit.OpenRecording) -> None:
    assert recording.events(EVENT, where="tid == 99").to_arrow().num_rows == 0


def test_a_damaged_trace_warns(tmp_path: Path) -> None:
    folder = copied("bookworm", tmp_path)
    stream = folder / "c_0"
    stream.write_bytes(stream.read_bytes()[: stream.stat().st_size // 2])
    name = next(iter(kit.open(folder).summary().events))
    with pytest.warns(kit.DamagedTraceWarning, match="damaged"):
        assert kit.open(folder).events(name).to_arrow().num_rows


def test_stopping_early_leaves_nothing(recording: kit.OpenRecording, tmp_path: Path) -> None:
    script = "\n".join(
        [
            "import sys, lttng_addon_kit as kit",
            "for batch in kit.open(sys.argv[1]).events(sys.argv[2]):",
            "    print(batch.num_rows)",
            "    break",
        ]
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = [sys.executable, "-c", script, str(recording.folder), EVENT]
    done = subprocess.run(words, env={"TMPDIR": str(temporary)}, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("6\n", "")
    assert [*temporary.iterdir()] == []
