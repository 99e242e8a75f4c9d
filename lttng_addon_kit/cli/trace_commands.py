# SPDX-License-Identifier: GPL-2.0-only
"""Commands on traces: summary, view, export, report. What they need is imported when they run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lttng_addon_kit.cli import complete, options
from lttng_addon_kit.cli.reports import choose_form, print_report
from lttng_addon_kit.cli.words import parse_moment
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.workspace import find_workspace

if TYPE_CHECKING:
    from lttng_addon_kit.trace.selection import Selection

_STREAM = Path("-")

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


@commands.command(epilog="lttng-addon export --to csv --event '*packet*' --where 'len > 1000' -o -")
def export(
    trace: options.TracePath = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORM",
            help="parquet, arrow, csv, jsonl, perfetto, chrome or folded.",
            autocompletion=complete.export_forms,
        ),
    ] = "parquet",
    event: options.Events = None,
    where: options.Where = "",
    from_: options.From = "",
    until: options.Until = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="The file or folder to write; - for a pipe.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what OUT is.")] = False,
) -> None:
    """Write a trace's events for pandas, DuckDB, Perfetto, flame graphs, ..."""
    from lttng_addon_kit.output.export.export_trace import Export, export_to_stream, export_trace
    from lttng_addon_kit.progress import Progress
    from lttng_addon_kit.session.recording import find_trace

    selection = _selection(event, where, from_, until)
    wanted = Export(find_trace(find_workspace().traces, trace), to, selection, force)
    progress = Progress()
    if out == _STREAM:
        export_to_stream(wanted, sys.stdout.buffer, progress)
    else:
        place = out or Path(wanted.usual_name)
        progress.say(f"{export_trace(wanted, place, progress):,} events in {place}")


@commands.command(epilog="lttng-addon report -o skb-filter.html")
def report(
    trace: options.TracePath = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="The file to write. Default: TRACE.html.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what OUT is.")] = False,
) -> None:
    """Write a recording, or any other trace, as one HTML page."""
    from lttng_addon_kit.output.page.write_page import write_page
    from lttng_addon_kit.progress import Progress
    from lttng_addon_kit.session.recording import find_trace

    folder = find_trace(find_workspace().traces, trace)
    place = out or Path(f"{folder.resolve().name}.html")
    progress = Progress()
    written = write_page(folder, place, force, progress)
    progress.say(f"{place}: {place.stat().st_size / 1e6:.1f} MB")
    written.refuse_incomplete()


def _selection(event: list[str] | None, where: str, from_: str, until: str) -> Selection:
    from lttng_addon_kit.trace.selection import Selection

    begin = parse_moment(from_, "--from") if from_ else None
    end = parse_moment(until, "--until") if until else None
    return Selection(tuple(event or ()), where, begin, end)
