# SPDX-License-Identifier: GPL-2.0-only
"""The report as JSON, for programs; docs/summary.md documents the shape."""

from __future__ import annotations

from typing import Any, TextIO

from lttng_addon_kit.output.report import Report
from lttng_addon_kit.output.summary_json import to_json
from lttng_addon_kit.output.tables import write_json


def write(report: Report, stream: TextIO) -> None:
    """Write the summary's JSON; a recording's own facts are under "recording"."""
    data: dict[str, Any] = to_json(report.summary) if report.summary else {"events": {}}
    if report.recording:
        data["recording"] = report.recording.model_dump(mode="json")
        data["imbalance"] = report.imbalance
    write_json(data, stream)
