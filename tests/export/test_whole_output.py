# SPDX-License-Identifier: GPL-2.0-only
"""An export is there whole, or not at all: whatever ends it, and whatever events are called."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pyarrow
import pytest

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.output.export.export_form import export_forms, file_name, find_export_form
from lttng_addon_kit.output.export.export_trace import Export, export_trace
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.trace import spool
from lttng_addon_kit.trace.event_tables import open_tables
from lttng_addon_kit.trace.selection import Selection
from lttng_addon_kit.trace.spool import SpoolReader, SpoolWriter
from lttng_addon_kit.trace.time_order import in_time_order
from tests.busy import allowed
from tests.export.test_export_tables import exported
from tests.trace.many_events import write_many_events
from tests.trace.real_traces import DATA, copied
from tests.trace.written import Event, write_trace


def test_every_file_is_a_form() -> None:
    assert {"parquet", "arrow", "csv", "jsonl", "perfetto", "chrome", "folded"} <= set(export_forms())
    for name in export_forms():
        assert find_export_form(name).suffix.startswith(".")


def test_no_such_form() -> None:
    with pytest.raises(UsageError, match="'parqet' is not a form of an export") as error:
        find_export_form("parqet")
    assert "'parquet'" in error.value.hint


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lttng_addon_kit.output.export.export_form.find_spec", lambda name: None)
    with pytest.raises(KitError, match="needs the Python module pyarrow") as error:
        find_export_form("parquet")
    assert error.value.hint == "pip install 'lttng-addon-kit[export]'"


def test_what_is_there_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "own").write_text("mine")
    with pytest.raises(UsageError, match="exists"):
        exported(DATA / "bookworm", "csv", out)
    assert [*out.iterdir()] == [out / "own"]
    export_trace(Export(DATA / "bookworm", "csv", Selection(), replace=True), out, Progress(quiet=True))
    assert not (out / "own").exists()
    assert [*tmp_path.iterdir()] == [out]


def test_no_folder_to_put_it_in(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        exported(DATA / "bookworm", "csv", tmp_path / "no/out")


def test_what_can_be_read_of_a_damaged_trace_is_exported(tmp_path: Path) -> None:
    folder = copied("bookworm", tmp_path)
    stream = folder / "c_0"
    stream.write_bytes(stream.read_bytes()[: stream.stat().st_size // 2])
    with pytest.raises(KitError, match="damaged"):
        exported(folder, "jsonl", tmp_path / "out")
    assert (tmp_path / "out").read_text()


class _Interrupted:
    """A form that Ctrl-C ends in the middle."""

    suffix = ".x"
    needs = ()

    def is_folder(self, out: Path) -> bool:
        return True

    def write(self, exported: Any, out: Path) -> None:
        out.mkdir()
        (out / "half").write_text("half")
        raise KeyboardInterrupt


def test_an_interrupt_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("lttng_addon_kit.output.export.export_trace.find_export_form", lambda name: _Interrupted())
    with pytest.raises(KeyboardInterrupt):
        exported(DATA / "bookworm", "x", tmp_path / "out")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("when", ["reading", "writing"])
def test_ctrl_c_leaves_nothing(when: str, tmp_path: Path) -> None:
    write_many_events(tmp_path / "trace", 20, 4000)
    place = tmp_path / "place"
    place.mkdir()
    words = ["export", str(tmp_path / "trace"), "--to", "perfetto", "-o", str(place / "out")]
    running = subprocess.Popen([Path(sys.executable).with_name("lttng-addon"), *words], stderr=subprocess.PIPE)
    name = "columns" if when == "reading" else "out"
    wait_for(lambda: any(found.stat().st_size for found in place.rglob(name)))
    running.send_signal(signal.SIGINT)
    _out, said = running.communicate(timeout=allowed(60))
    assert running.returncode == 130, said
    assert b"Traceback" not in said
    assert [*place.iterdir()] == []


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + allowed(60)
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


HOSTILE_NAMES = ("../../etc/passwd", ".", "..", "a/b", "x" * 300, "x" * 299 + "y", "a b", "é\n", "%2E", "", ".hidden")


def test_names_of_files_stay_in_their_folder(tmp_path: Path) -> None:
    names = [file_name(each) for each in HOSTILE_NAMES]
    assert len({*names}) == len(names)
    for name in names:
        file = tmp_path / f"{name}.parquet"
        file.write_text("")
        assert file.parent.resolve() == tmp_path.resolve()
    assert len([*tmp_path.iterdir()]) == len(names)
    assert file_name("sched_switch") == "sched_switch"


def test_an_event_of_a_hostile_name(tmp_path: Path) -> None:
    def members(trace: Any, payload: Any) -> None:
        payload += [("time", trace.create_string_field_class()), ("event", trace.create_string_field_class())]

    values = {"time": "never", "event": "none"}
    trace = write_trace(tmp_path / "trace", members, [Event(1000, 0, values)], name="../up")
    exported(trace, "csv", tmp_path / "out")
    (file,) = (tmp_path / "out").iterdir()
    assert file.read_text().splitlines() == [
        '"time","cpu","time_2","event_2"',
        '"1970-01-01T00:00:00.000001000Z",0,"never","none"',
    ]


def test_long_values_are_whole(tmp_path: Path) -> None:
    def members(trace: Any, payload: Any) -> None:
        byte = trace.create_unsigned_integer_field_class(8)
        payload += [
            ("text", trace.create_string_field_class()),
            ("bytes", trace.create_static_array_field_class(byte, 100)),
        ]

    values = {"text": "ä" * 5000, "bytes": [*range(100)]}
    trace = write_trace(tmp_path / "trace", members, [Event(1000, 0, values)])
    with open_tables(trace, Selection(), {}) as opened:
        (table,) = opened.tables[0].tables()
    assert table.select(["text", "bytes"]).to_pylist() == [values]
    assert table.schema.field("bytes").type == pyarrow.list_(pyarrow.uint8())


@pytest.mark.parametrize("seed", range(8))
def test_rows_come_in_order_of_time(seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Streams one after the other, in batches of any size, many at the same time; nothing is lost, nothing twice."""
    draw = numpy.random.default_rng(seed)
    monkeypatch.setattr(spool, "_ROWS", int(draw.integers(1, 50)))
    schema = pyarrow.schema([("time", pyarrow.timestamp("ns", tz="UTC")), ("number", pyarrow.int64())])
    expected: list[tuple[int, int]] = []
    with (tmp_path / "columns").open("wb") as file:
        writer = SpoolWriter(file)
        for stream in range(int(draw.integers(1, 6))):
            times = numpy.sort(draw.integers(0, 40, int(draw.integers(1, 300))))
            for at in range(0, len(times), 7):
                numbers = [stream * 1000 + at + each for each in range(len(times[at : at + 7]))]
                expected += zip(times[at : at + 7].tolist(), numbers, strict=True)
                columns = [pyarrow.array(times[at : at + 7]).cast(schema.field(0).type), pyarrow.array(numbers)]
                writer.add("event", pyarrow.RecordBatch.from_arrays(columns, schema=schema))
        ((_schema, runs),) = writer.finish().values()
    reader = SpoolReader(tmp_path / "columns")
    tables = [*in_time_order(runs, reader.load)]
    rows = [(row["time"].value, row["number"]) for table in tables for row in pyarrow.Table.to_pylist(table)]
    assert [time for time, _number in rows] == sorted(time for time, _number in expected)
    assert sorted(rows) == sorted(expected)
