# SPDX-License-Identifier: GPL-2.0-only
"""A run whose buffers are too small: what the trace has and what was discarded are what passed, to the event."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from lttng_addon_kit import api
from lttng_addon_kit.output.report import read_report
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.lttng import Lttng
from lttng_addon_kit.workspace import cache_folder
from tests.conftest import made_target

SPEC = """
[addon]
name = "lossy"
[[event]]
name = "sys_lossy_entered"
hook = "tracepoint:sys_enter"
filter = 'current->comm == "dd"'
[event.fields]
id = "id"
arguments = "bytes(regs, 168)"
"""
WORKLOAD = ("dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=20000", "status=none")
SMALLEST = ("--subbuf-size=4096", "--num-subbuf=2")
_call = Lttng._call


def call_with_small_buffers(self: Lttng, *words: str) -> ElementTree.Element:
    return _call(self, *words, *(SMALLEST if words[0] == "enable-channel" else ()))


def test_recorded_and_discarded_are_what_passed(release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lttng, "_call", call_with_small_buffers)
    addon = tmp_path / "addons/lossy"
    addon.mkdir(parents=True)
    (addon / "addon.toml").write_text(SPEC, encoding="utf-8")
    setting = api.Setting(made_target(release), cache_folder(), Progress(quiet=True))
    options = api.RunOptions(workload=WORKLOAD)
    folder = api.run([api.load_addon(addon)], setting, tmp_path / "traces", lambda line: None, options)
    report = read_report(Path(folder))
    assert report.recording and report.summary
    (event,) = report.recording.events
    discarded = report.summary.discarded_events
    assert event.passed == event.passed_at_least
    assert event.passed >= 40_000
    assert discarded > 0
    assert report.summary.count + discarded == event.passed
    assert report.recording.loss.discarded_events == discarded
    assert report.imbalance == []
    report.refuse_incomplete()
