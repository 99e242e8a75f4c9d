# SPDX-License-Identifier: GPL-2.0-only
"""Commands on traces: summary, view. What they need is imported when they run."""

from __future__ import annotations

import sys

import typer

from lttng_addon_kit.cli import options
from lttng_addon_kit.cli.reports import choose_form, print_report
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.workspace import find_workspace

commands = typer.Typer()


@commands.command(epilog="lttng-addon summary --json | jq .events")
def summary(
    trace: options.TracePath = None,
    form: options.FormName = "text",
    as_json: options.AsJson = False,
    reader: options.ReaderName = Reader.AUTO,
) -> None:
    """Summarise a trace: any LTTng kernel trace, not only the kit's own."""
    from lttng_addon_kit.session.recording import find_trace

    chosen = choose_form(form, as_json)
    print_report(find_trace(find_workspace().traces, trace), chosen, reader).refuse_incomplete()


@commands.command(epilog="lttng-addon view | head")
def view(trace: options.TracePath = None) -> None:
    """Print the events themselves, one a line."""
    from lttng_addon_kit.output.report import view_recorded
    from lttng_addon_kit.session.recording import find_trace

    view_recorded(find_trace(find_workspace().traces, trace), sys.stdout)
