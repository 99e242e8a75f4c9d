# SPDX-License-Identifier: GPL-2.0-only
"""A recording that is being made: written down at every step, whole, and moved to where there is room."""

from __future__ import annotations

import io
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.output.report import read_report
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session import draft as drafts
from lttng_addon_kit.session.draft import Draft
from lttng_addon_kit.session.lttng import Loss
from lttng_addon_kit.session.recording import RecordedAddon, RecordedEvent, Recording, load
from lttng_addon_kit.terminal import open_console
from lttng_addon_kit.workspace import CACHE_VARIABLE
from tests.conftest import Command

BEGUN = Recording(
    begun=datetime(2026, 1, 1),
    target="t",
    kernel_release="6.1",
    lttng_version="2.13.9",
    addons=(
        RecordedAddon(
            name="a",
            parameters={},
            events=(RecordedEvent(name="a_b", hook="tracepoint:a", filter=None, seen=0, passed=0),),
        ),
    ),
    workload=("true",),
    workload_status=None,
    interrupted=False,
    loss=Loss(0, 0),
    kernel_problems=(),
    state="begun",
)


def state(draft: Draft) -> str:
    recording = load(draft.folder)
    assert recording
    return recording.state


def test_it_is_written_down_at_every_step(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "traces", BEGUN, Progress(quiet=True))
    assert not draft.exists
    draft.create()
    assert state(draft) == "begun"
    draft.note(workload_status=3)
    assert (load(draft.folder) or BEGUN).workload_status == 3
    draft.complete("")
    assert state(draft) == "complete"
    assert sorted(each.name for each in draft.folder.iterdir()) == ["kernel.log", "recording.json"]


def test_what_ended_it_is_kept(tmp_path: Path) -> None:
    draft = Draft(tmp_path, BEGUN, Progress(quiet=True))
    draft.create()
    draft.complete_early(KitError("the machine melted", hint="cool it", details="hot"), "")
    with pytest.raises(KitError, match="the recording is incomplete: the machine melted") as caught:
        read_report(draft.folder).refuse_incomplete()
    assert caught.value.hint == "cool it"
    assert "nothing of its trace can be read" in caught.value.details
    assert caught.value.details.endswith("hot")


def test_one_without_a_trace_is_discarded_and_one_with_it_not(tmp_path: Path) -> None:
    draft = Draft(tmp_path, BEGUN, Progress(quiet=True))
    draft.create()
    draft.trace.mkdir()
    draft.discard()
    assert draft.folder.exists()
    draft.trace.rmdir()
    draft.discard()
    assert not draft.folder.exists()


def test_it_moves_to_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    free = {tmp_path / "traces": 5 << 20, tmp_path / "cache/recordings": 1 << 30}
    monkeypatch.setattr(drafts, "_free", lambda place: free[place])
    said = io.StringIO()
    draft = Draft(tmp_path / "traces", BEGUN, Progress(open_console(said)))
    draft.create()
    draft.need_room(1000)
    assert draft.folder.parent == tmp_path / "traces"
    draft.need_room(10_000_000)
    assert draft.folder.parent == tmp_path / "cache/recordings"
    assert f"no room for a trace of 10.0 MB; the recording is kept in {draft.folder}" in said.getvalue()
    assert list((tmp_path / "traces").iterdir()) == []
    assert state(draft) == "begun"


def test_where_no_place_has_room_all_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(drafts, "_free", lambda place: 0)
    draft = Draft(tmp_path / "traces", BEGUN, Progress(quiet=True))
    draft.create()
    with pytest.raises(KitError, match=r"the recording can't be kept in \S+traces: no room") as caught:
        draft.need_room(1)
    assert str(tmp_path / "cache/recordings") in caught.value.hint


def test_half_a_recording_is_listed(workspace: Path, lttng_addon: Command) -> None:
    for hour in (1, 2):
        Draft(
            workspace / "traces", BEGUN.model_copy(update={"begun": datetime(2026, 1, 1, hour)}), Progress(quiet=True)
        ).create()
    os.truncate(workspace / "traces/20260101-020000-a/recording.json", 100)
    listed = json.loads(lttng_addon("list", "traces", "--json").stdout)
    assert [(row["trace"], row["state"]) for row in listed] == [
        ("20260101-020000-a", "damaged"),
        ("20260101-010000-a", "begun"),
    ]
    done = lttng_addon("summary")
    assert done.returncode == 1
    assert "recording.json is damaged" in done.stderr
    assert "Traceback" not in done.stderr
