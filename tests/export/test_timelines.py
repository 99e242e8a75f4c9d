# SPDX-License-Identifier: GPL-2.0-only
"""What Perfetto and Chrome are given, read back: slices last as long as the spans, and none overlaps another."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace, TrackEvent

from lttng_addon_kit.output.report import summarise_recorded
from lttng_addon_kit.trace.selection import Selection
from tests.export.test_export_tables import exported
from tests.export.written_spans import EVENT, HOSTILE, SPANS, write_spans
from tests.trace.real_traces import DATA


class Read:
    """A Perfetto trace, its interned names put back."""

    def __init__(self, file: Path) -> None:
        trace = Trace()
        trace.ParseFromString(file.read_bytes())
        self.tracks: dict[int, Any] = {}
        self.events: list[tuple[int, str, Any]] = []
        self.value_names: dict[int, str] = {}
        names: dict[int, str] = {}
        for packet in trace.packet:
            assert packet.trusted_packet_sequence_id == 1
            names |= {each.iid: each.name for each in packet.interned_data.event_names}
            self.value_names |= {each.iid: each.name for each in packet.interned_data.debug_annotation_names}
            if packet.HasField("track_descriptor"):
                self.tracks[packet.track_descriptor.uuid] = packet.track_descriptor
            if packet.HasField("track_event"):
                event = packet.track_event
                assert event.track_uuid in self.tracks, "described before it is used"
                self.events.append((packet.timestamp, names.get(event.name_iid, ""), event))

    def slices(self) -> list[tuple[int, int, str, int]]:
        """Begin, end, name and track of each; asserts that those of a track follow each other."""
        found = []
        open_: dict[int, tuple[int, str]] = {}
        # As the trace processor does: by time, and what is of one time as it was written.
        for time, name, event in sorted(self.events, key=lambda each: each[0]):
            if event.type == TrackEvent.TYPE_SLICE_BEGIN:
                assert event.track_uuid not in open_, "slices overlap"
                open_[event.track_uuid] = time, name
            elif event.type == TrackEvent.TYPE_SLICE_END:
                begin, begun = open_.pop(event.track_uuid)
                found.append((begin, time, begun, event.track_uuid))
        assert not open_
        return found


def test_a_latency_is_a_slice(tmp_path: Path) -> None:
    exported(write_spans(tmp_path / "recording"), "perfetto", tmp_path / "out")
    read = Read(tmp_path / "out")
    slices = read.slices()
    assert sorted((end // 1000, (end - begin) // 1000) for begin, end, *_ in slices) == sorted(
        (end, took) for end, took, *_ in SPANS
    )
    assert {name for _begin, _end, name, _track in slices} == {EVENT}
    tracks = {read.tracks[track].name for *_, track in slices}
    assert tracks == {EVENT}
    parents = {read.tracks[read.tracks[track].parent_uuid].name for *_, track in slices}
    assert parents == {"Spans"}


def test_slices_add_up_to_the_summary(tmp_path: Path) -> None:
    recording = write_spans(tmp_path / "recording")
    exported(recording, "perfetto", tmp_path / "out")
    lasted = [end - begin for begin, end, *_ in Read(tmp_path / "out").slices()]
    took = summarise_recorded(recording).events[EVENT].fields["took"]
    assert took.type == "integer"
    assert (len(lasted), sum(lasted) / len(lasted), max(lasted)) == (took.count, took.mean, took.max)


def test_what_was_measured_is_a_curve(tmp_path: Path) -> None:
    exported(write_spans(tmp_path / "recording"), "perfetto", tmp_path / "out")
    read = Read(tmp_path / "out")
    curves = defaultdict(list)
    for _time, _name, event in read.events:
        if event.type == TrackEvent.TYPE_COUNTER:
            curves[read.tracks[event.track_uuid].name].append(event.counter_value // 1000)
    assert curves == {f"{EVENT}.took": [took for _end, took, *_ in SPANS]}


def test_a_slice_says_all_that_its_event_says(tmp_path: Path) -> None:
    exported(write_spans(tmp_path / "recording"), "perfetto", tmp_path / "out")
    read = Read(tmp_path / "out")
    values = [
        {read.value_names.get(each.name_iid, each.name): each for each in event.debug_annotations}
        for _time, name, event in read.events
        if name
    ]
    assert [each["comm"].string_value for each in values] == [comm for *_, comm in SPANS]
    assert HOSTILE in {each["comm"].string_value for each in values}
    assert values[0]["stack"].array_values[0].string_value == "0xffff80000000000c"


@pytest.mark.parametrize("name", ["bookworm", "bookworm-lossy", "trixie"])
def test_events_without_a_duration_are_moments_of_cpus_and_threads(name: str, tmp_path: Path) -> None:
    exported(DATA / name, "perfetto", tmp_path / "out")
    read = Read(tmp_path / "out")
    summary = summarise_recorded(DATA / name)
    per_cpu: Counter[str] = Counter()
    for event in summary.events.values():
        per_cpu.update({f"CPU {cpu}": share.count for cpu, share in event.per_cpu.items()})
    assert {event.type for _time, _name, event in read.events} == {TrackEvent.TYPE_INSTANT}
    on_cpus = [each for each in read.events if not read.tracks[each[2].track_uuid].HasField("thread")]
    assert Counter(read.tracks[event.track_uuid].name for _time, _name, event in on_cpus) == per_cpu
    assert Counter(name for _time, name, _event in on_cpus) == {
        name: event.count for name, event in summary.events.items()
    }
    has_threads = any("pid" in event.context for event in summary.events.values())
    assert (len(read.events) == 2 * len(on_cpus)) is has_threads


def test_chrome(tmp_path: Path) -> None:
    exported(write_spans(tmp_path / "recording"), "chrome", tmp_path / "out.json")
    events = json.loads((tmp_path / "out.json").read_text())["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    assert [event["dur"] for event in slices] == [took for _end, took, *_ in SPANS]
    by_line = defaultdict(list)
    for each in slices:
        by_line[each["pid"], each["tid"]].append((each["ts"], each["ts"] + each["dur"]))
    assert all(one[1] <= next_[0] for line in by_line.values() for one, next_ in pairwise(line))


def test_chrome_has_every_event(tmp_path: Path) -> None:
    exported(DATA / "bookworm", "chrome", tmp_path / "out.json")
    events = json.loads((tmp_path / "out.json").read_text())["traceEvents"]
    found = Counter(event["name"] for event in events if event["ph"] == "i")
    assert found == {name: event.count for name, event in summarise_recorded(DATA / "bookworm").events.items()}


def test_folded_stacks(tmp_path: Path) -> None:
    recording = write_spans(tmp_path / "recording")
    exported(recording, "folded", tmp_path / "out")
    expected = Counter(f"{EVENT};{0xFFFF_8000_0000_0001 + tid:#x}" for _end, _took, _cpu, tid, _comm in SPANS)
    assert (tmp_path / "out").read_text().splitlines() == [
        f"{stack} {count}" for stack, count in sorted(expected.items())
    ]
    exported(recording, "folded", tmp_path / "some", Selection(where="tid == 11"))
    assert (tmp_path / "some").read_text() == f"{EVENT};0xffff80000000000c 3\n"
