# SPDX-License-Identifier: GPL-2.0-only
"""A trace -> one HTML file, that needs no other and runs no script."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import jinja2

from lttng_addon_kit import __version__
from lttng_addon_kit.output.durations import find_duration
from lttng_addon_kit.output.export.whole_output import whole_output
from lttng_addon_kit.output.page.page_view import page_view
from lttng_addon_kit.output.report import Report, known_addresses, read_report
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.recording import find_recordings
from lttng_addon_kit.terminal import printable


def write_page(folder: Path, out: Path, replace: bool, progress: Progress) -> Report:
    """Write the page of a recording, or of any other trace; gives what it reports.

    Raises:
        UsageError: there is no trace, or `out` is taken and not to be replaced.
        KitError: nothing of the trace can be read, or the page can't be written.
    """
    with whole_output(out, replace) as making:
        with progress.step(f"Reading {folder.name}"):
            report = read_report(folder)
            details = _read_details(folder) if report.summary else {}
        making.write_text(
            _environment()
            .get_template("page.html.j2")
            .render(page=page_view(folder, report, details), version=__version__),
            encoding="utf-8",
        )
    return report


def _read_details(folder: Path) -> Any:
    from lttng_addon_kit.trace.details import read_details

    recordings = [*find_recordings(folder).values()]
    return read_details(folder, known_addresses(recordings), partial(find_duration, recordings=recordings))


def _environment() -> jinja2.Environment:
    """Templates in which every text is escaped, and shows what it has that a reader can't see."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("lttng_addon_kit.templates", "page"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
        finalize=_visible,
    )


def _visible(value: Any) -> Any:
    return printable(value, keep="\t") if type(value) is str else value
