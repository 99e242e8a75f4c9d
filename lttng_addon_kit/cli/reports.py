# SPDX-License-Identifier: GPL-2.0-only
"""What `run`, `trace` and `summary` print of a recording."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lttng_addon_kit.output.report import Report


def print_report(folder: Path, as_json: bool) -> Report:
    """Print the report of a trace to standard output, and return it."""
    from lttng_addon_kit.output.form import find_form
    from lttng_addon_kit.output.report import read_report

    report = read_report(folder)
    find_form("json" if as_json else "text").write(report, sys.stdout)
    return report


def finish_run(folder: Path, as_json: bool) -> None:
    """Print the report of a run, and exit as the run ended.

    Raises:
        KitError: it was recorded but failed.
        typer.Exit: it was interrupted.
    """
    report = print_report(folder, as_json)
    if report.recording:
        report.recording.refuse_failed()
    report.refuse_incomplete()
    if report.recording and report.recording.interrupted:
        raise typer.Exit(130)


def print_output(line: str) -> None:
    """Print a line of the workload's output: beside the summary, not in it."""
    print(line, file=sys.stderr, flush=True)
