# SPDX-License-Identifier: GPL-2.0-only
"""Reads of memory that failed are shown in every report of a run, so that a 0 is not taken for a value."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO

import pytest

from lttng_addon_kit.output import json_form, text_form
from lttng_addon_kit.output.report import Report
from lttng_addon_kit.session.lttng import Loss
from lttng_addon_kit.session.recording import RecordedAddon, Recording


def report(faults: int) -> Report:
    recording = Recording(
        begun=datetime(2026, 1, 1),
        target="t",
        kernel_release="6.1",
        lttng_version="2.13.9",
        addons=(RecordedAddon(name="exec", parameters={}, events=(), faults=faults),),
        workload=(),
        workload_status=0,
        interrupted=False,
        loss=Loss(0, 0),
        kernel_problems=(),
    )
    return Report(recording, None)


@pytest.mark.parametrize(
    ("faults", "said"),
    [(1, "exec: 1 read of memory failed and gave 0"), (1234, "exec: 1,234 reads of memory failed and gave 0")],
)
def test_text(faults: int, said: str) -> None:
    stream = StringIO()
    text_form.write(report(faults), stream)
    assert said in stream.getvalue()


def test_no_text_without() -> None:
    stream = StringIO()
    text_form.write(report(0), stream)
    assert "failed" not in stream.getvalue()


def test_json() -> None:
    stream = StringIO()
    json_form.write(report(7), stream)
    assert json.loads(stream.getvalue())["recording"]["addons"][0]["faults"] == 7
