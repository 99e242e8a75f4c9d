# SPDX-License-Identifier: GPL-2.0-only
"""Traces that LTTng recorded on real kernels (data/), read by us and by babeltrace2's own command."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.output.report import summarise_recorded
from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.output.summary_text import print_summary
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.summary import summarise

DATA = Path(__file__).parent / "data"
READABLE = ("bookworm", "bookworm-addresses", "bookworm-lossy", "bookworm-skb-filter", "trixie")


@pytest.mark.parametrize("name", READABLE)
def test_counts_are_babeltraces(name: str) -> None:
    printed = subprocess.run(["babeltrace2", DATA / name], capture_output=True, text=True, check=True)
    assert summarise(DATA / name).count == len(printed.stdout.splitlines())


def test_what_the_tracer_lost_is_said() -> None:
    summary = summarise(DATA / "bookworm-lossy")
    assert summary.discarded_events > 0
    console = Console(file=io.StringIO(), width=100)
    print_summary(summary, console)
    assert f"{summary.discarded_events:,}" in console.file.getvalue()  # type: ignore[attr-defined]


def test_the_shape_for_programs() -> None:
    data = json.loads(json.dumps(to_json(summarise(DATA / "bookworm-skb-filter"))))
    assert {"trace", "begin_ns", "end_ns", "discarded_events", "events"} <= set(data)
    event = data["events"]["netif_receive_skb_filter"]
    assert {"count", "rate_hz", "per_cpu", "fields"} <= set(event)
    assert {"type", "min", "mean", "max", "p50", "p99"} <= set(event["fields"]["len"])
    assert event["fields"]["name"]["top"] == [["lo", 4]]


def _most_frequent(trace: Path) -> dict[str, str]:
    fields = to_json(summarise_recorded(trace))["events"]["net_addresses"]["fields"]
    return {name: field["top"][0][0] for name, field in fields.items()}


@pytest.mark.parametrize("folder", [".", "trace", "trace/kernel"])
def test_addresses_are_those_that_the_recording_names(folder: str) -> None:
    shown = _most_frequent(DATA / "bookworm-addresses" / folder)
    assert (shown["station"], shown["peer"], shown["far"]) == ("00:00:00:00:00:00", "127.0.0.1", "6c6f::")
    assert shown["ip_header"] == "[0x45, 0x0, 0x0, 0x54]"


def test_without_a_recording_names_say_what_is_an_address(tmp_path: Path) -> None:
    shutil.copytree(DATA / "bookworm-addresses/trace", tmp_path / "trace")
    shown = _most_frequent(tmp_path)
    assert shown["peer"] == "[127, 0, 0, 1]"
    assert shown["ip_header"] == "69.0.0.84"


def test_a_recording_from_before_addresses_were_kept(tmp_path: Path) -> None:
    shutil.copytree(DATA / "bookworm-addresses", tmp_path / "recording")
    file = tmp_path / "recording/recording.json"
    recording = json.loads(file.read_text())
    del recording["addons"][0]["events"][0]["addresses"]
    file.write_text(json.dumps(recording))
    assert _most_frequent(tmp_path / "recording")["peer"] == "[127, 0, 0, 1]"


def test_an_event_that_never_came_is_there() -> None:
    summary = summarise(DATA / "bookworm-skb-filter", expected_events=("never_came",))
    assert summary.events["never_came"].count == 0


def test_a_format_that_babeltrace_can_not_read() -> None:
    with pytest.raises(KitError, match="CTF 2"):
        summarise(DATA / "sid-ctf2", reader=Reader.BABELTRACE2)


def test_no_trace(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        summarise(tmp_path / "nothing")
    with pytest.raises(KitError):
        summarise(tmp_path)


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_a_stream_that_was_cut_off(tmp_path: Path, keep: float) -> None:
    shutil.copytree(DATA / "bookworm", tmp_path / "trace")
    stream = tmp_path / "trace/kernel/c_0"
    stream.write_bytes(stream.read_bytes()[: int(stream.stat().st_size * keep)])
    shutil.rmtree(tmp_path / "trace/kernel/index")
    summary = summarise(tmp_path / "trace")
    error = summary.error
    assert error is not None
    assert "damaged" in error.message
    assert summary.count < summarise(DATA / "bookworm").count
