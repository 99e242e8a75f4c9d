# SPDX-License-Identifier: GPL-2.0-only
"""A recording as the kit leaves one, of spans that overlap and of a hostile process, written at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from lttng_addon_kit.session.lttng import Loss
from lttng_addon_kit.session.recording import RecordedAddon, RecordedEvent, RecordedSpan, Recording, save
from tests.trace.written import Event, write_trace

EVENT = "block_request_latency"
HOSTILE = "<script>alert(1)</script>"
# (end in us, duration in us, CPU, tid, command)
SPANS = (
    (1_000, 300, 0, 11, "dd"),
    (1_200, 900, 1, 12, "dd"),
    (1_250, 40, 0, 11, HOSTILE),
    (2_000, 0, 0, 13, "sync"),
    (2_300, 250, 0, 11, "dd"),
    (2_300, 1_100, 1, 12, "dd"),
)


def write_spans(folder: Path) -> Path:
    """A new recording's folder, with a trace of the spans above."""
    folder.mkdir()
    events = [
        Event(end * 1000, cpu, {"took": took * 1000, "tid": tid, "comm": comm, "stack": [0xFFFF_8000_0000_0001 + tid]})
        for end, took, cpu, tid, comm in SPANS
    ]
    write_trace(folder / "trace", _members, events, EVENT)
    save(_recording(len(events)), folder)
    return folder


def _members(trace: Any, payload: Any) -> None:
    payload += [
        ("took", trace.create_unsigned_integer_field_class(64)),
        ("tid", trace.create_signed_integer_field_class(32)),
        ("comm", trace.create_string_field_class()),
        ("stack", trace.create_static_array_field_class(_address(trace), 1)),
    ]


def _address(trace: Any) -> Any:
    return trace.create_unsigned_integer_field_class(64, preferred_display_base=16)


def _recording(count: int) -> Recording:
    event = RecordedEvent(
        name=EVENT,
        hook="span:request",
        filter=None,
        seen=count,
        passed=count,
        passed_at_least=count,
        addresses={},
        duration="took",
    )
    span = RecordedSpan(
        begun=count + 1, ended=count, dropped=0, timed_out=0, restarted=0, open=1, nested=0, no_room=0, unmatched=0
    )
    parameters = {"device": HOSTILE}
    addon = RecordedAddon(name="block-latency", parameters=parameters, events=(event,), spans={"request": span})
    return Recording(
        begun=datetime(2026, 1, 31, 12).astimezone(),
        target="bookworm",
        kernel_release="6.1.0-56-cloud-amd64",
        lttng_version="2.13.9",
        addons=(addon,),
        workload=("dd", f"if={HOSTILE}"),
        workload_status=0,
        interrupted=False,
        loss=Loss(0, 0),
        kernel_problems=(),
    )
