# SPDX-License-Identifier: GPL-2.0-only
"""What is exported as tables is what the summary counts, read by the programs that people use."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow
import pytest

from lttng_addon_kit.output.export.export_trace import Export, export_trace
from lttng_addon_kit.output.report import summarise_recorded
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.trace.model import EventSummary, Numbers, Pointers, TextValues
from lttng_addon_kit.trace.selection import Selection
from tests.export.written_spans import write_spans
from tests.trace.many_events import write_many_events
from tests.trace.real_traces import DATA, lines_of

TRACES = ("bookworm", "bookworm-addresses", "bookworm-lossy", "bookworm-skb-filter", "trixie")


def exported(trace: Path, form: str, out: Path, selection: Selection | None = None) -> int:
    return export_trace(Export(trace, form, selection or Selection()), out, Progress(quiet=True))


def asked(query: str) -> tuple[Any, ...]:
    """The only row that DuckDB answers."""
    (row,) = duckdb.sql(query).fetchall()  # type: ignore[union-attr]
    found: tuple[Any, ...] = row
    return found


@pytest.mark.parametrize("name", TRACES)
def test_parquet_read_by_duckdb_and_polars_is_the_summary(name: str, tmp_path: Path) -> None:
    summary = summarise_recorded(DATA / name)
    assert exported(DATA / name, "parquet", tmp_path / "out") == summary.count
    assert {file.stem for file in (tmp_path / "out").iterdir()} == set(summary.events)
    for event, expected in summary.events.items():
        file = tmp_path / "out" / f"{event}.parquet"
        frame = polars.read_parquet(file)
        assert frame["time"].is_sorted()
        assert frame.height == expected.count
        assert Counter(map(str, frame["cpu"])) == {cpu: share.count for cpu, share in expected.per_cpu.items()}
        times = asked(f"select epoch_ns(min(time)), epoch_ns(max(time)) from '{file}'")
        assert times == (expected.begin_ns, expected.end_ns)
        compare_fields(file, frame, expected)


def compare_fields(file: Path, frame: polars.DataFrame, expected: EventSummary) -> None:
    for name, field in (expected.fields | {f"context.{name}": of for name, of in expected.context.items()}).items():
        if isinstance(field, Numbers):
            low, high, mean = asked(f"""select min("{name}"), max("{name}"), avg("{name}") from '{file}'""")
            assert (low, high) == (field.min, field.max)
            assert mean == pytest.approx(field.mean)
            assert frame[name].n_unique() == field.distinct
        elif isinstance(field, TextValues):
            counts = Counter(frame[name].cast(polars.Utf8).to_list())
            assert sorted(counts.values(), reverse=True)[:10] == [count for _value, count in field.top]
            assert all(counts[value] == count for value, count in field.top)
        elif isinstance(field, Pointers):
            assert (frame[name].n_unique(), (frame[name] == 0).sum()) == (field.distinct, field.null)
        else:
            assert frame[name].n_unique() == field.distinct


@pytest.mark.parametrize("name", TRACES)
def test_json_lines_are_babeltraces_lines(name: str, tmp_path: Path) -> None:
    exported(DATA / name, "jsonl", tmp_path / "out.jsonl")
    events = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    expected = [line.split("}, {")[0].split(" ")[3 if ") " in line else 2] for line in lines_of(DATA / name)]
    assert [f"{event['event']}:" for event in events] == expected
    assert sorted(event["time"] for event in events) == [event["time"] for event in events]


def test_csv_has_a_line_an_event(tmp_path: Path) -> None:
    exported(DATA / "bookworm", "csv", tmp_path / "out")
    for event, expected in summarise_recorded(DATA / "bookworm").events.items():
        rows = [*csv.DictReader((tmp_path / "out" / f"{event}.csv").open(newline=""))]
        assert len(rows) == expected.count
        names = {*expected.fields, *(f"context.{name}" for name in expected.context)}
        assert set(rows[0]) == {"time", "cpu", *names}


def test_arrow_is_parquet(tmp_path: Path) -> None:
    for form in ("arrow", "parquet"):
        exported(DATA / "bookworm", form, tmp_path / form)
    for file in (tmp_path / "arrow").iterdir():
        table = pyarrow.ipc.open_file(str(file)).read_all()
        assert polars.from_arrow(table).equals(polars.read_parquet(tmp_path / f"parquet/{file.stem}.parquet"))  # type: ignore[arg-type]


def test_addresses_can_be_read(tmp_path: Path) -> None:
    exported(DATA / "bookworm-addresses", "parquet", tmp_path / "out")
    row = polars.read_parquet(tmp_path / "out/net_addresses.parquet").row(0, named=True)
    assert (row["station"], row["peer"], row["far"]) == ("00:00:00:00:00:00", "127.0.0.1", "6c6f::")
    assert row["ip_header"] == [0x45, 0, 0, 0x54]


def test_one_event_may_be_the_file(tmp_path: Path) -> None:
    file = tmp_path / "packets.parquet"
    assert exported(DATA / "bookworm-skb-filter", "parquet", file, Selection(("netif_*",))) == 4
    assert polars.read_parquet(file)["len"].to_list() == [84] * 4


def test_many_types_and_row_groups(tmp_path: Path) -> None:
    count = write_many_events(tmp_path / "trace", 40, 200)
    assert exported(tmp_path / "trace", "parquet", tmp_path / "out") == count
    total, distinct = asked(f"select count(*), count(distinct f0) from read_parquet('{tmp_path}/out/*.parquet')")
    assert (total, distinct) == (count, count)


def test_a_trace_without_a_clock(tmp_path: Path) -> None:
    count = write_many_events(tmp_path / "trace", 2, 50, clock=False)
    for form, out in (("parquet", "p"), ("jsonl", "j"), ("perfetto", "t"), ("chrome", "c")):
        assert exported(tmp_path / "trace", form, tmp_path / out) == count
    assert polars.read_parquet(tmp_path / "p/e0.parquet")["time"].null_count() == 50


def test_facts_of_fields_are_in_the_schema(tmp_path: Path) -> None:
    exported(write_spans(tmp_path / "recording"), "parquet", tmp_path / "out")
    schema = pyarrow.parquet.read_schema(tmp_path / "out/block_request_latency.parquet")
    assert schema.field("stack").metadata[b"lttng.base"] == b"16"
    assert schema.field("tid").type == pyarrow.int32()
