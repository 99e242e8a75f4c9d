# SPDX-License-Identifier: GPL-2.0-only
"""What `run`, `trace` and `summary` print of a recording."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lttng_addon_kit.errors import KitError, render
from lttng_addon_kit.terminal import printable
from lttng_addon_kit.trace.reader import Reader

if TYPE_CHECKING:
    from lttng_addon_kit.output.form import Form
    from lttng_addon_kit.output.report import Report
    from lttng_addon_kit.progress import Progress


def choose_form(name: str, as_json: bool) -> Form:
    """The form that --form and --json ask for.

    Raises:
        UsageError: no form has that name.
    """
    from lttng_addon_kit.output.form import find_form

    return find_form("json" if as_json else name)


def print_report(folder: Path, form: Form, reader: Reader = Reader.AUTO) -> Report:
    """Print the report of a trace, read by `reader`, to standard output, and return it."""
    from lttng_addon_kit.output.report import read_report

    report = read_report(folder, reader)
    form.write(report, sys.stdout)
    return report


def finish_run(folder: Path, form: Form, progress: Progress) -> None:
    """Print the report of a run, and exit as the run ended.

    Raises:
        KitError: it was recorded but failed.
        typer.Exit: it was interrupted; what failed besides is said.
    """
    with progress.detail("Summarising"):
        report = print_report(folder, form)
    interrupted = report.recording and report.recording.interrupted
    try:
        report.refuse_partial()
        if report.recording:
            report.recording.refuse_failed()
        report.refuse_incomplete()
    except KitError as error:
        if not interrupted:
            raise
        print(render(error), file=sys.stderr)
    if interrupted:
        raise typer.Exit(130)


def print_output(line: str) -> None:
    """Print a line of the workload's output: beside the summary, not in it."""
    print(printable(line, keep="\t"), file=sys.stderr, flush=True)
