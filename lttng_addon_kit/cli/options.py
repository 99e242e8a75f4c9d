# SPDX-License-Identifier: GPL-2.0-only
"""The arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lttng_addon_kit.cli import complete
from lttng_addon_kit.trace.reader import Reader

Addons = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ADDON]...", help="Default: every addon here.", autocompletion=complete.addons),
]
AddonsAndWorkload = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ADDON]... [-- WORKLOAD]...", help="Default: every addon here.", autocompletion=complete.addons
    ),
]
TargetName = Annotated[
    str,
    typer.Option(
        "--target",
        "-t",
        metavar="TARGET",
        help="A release (`lttng-addon target list`), local or ssh:HOST.",
        autocompletion=complete.targets,
    ),
]
FormName = Annotated[
    str,
    typer.Option(
        "--form", metavar="FORM", help="The report's form: text, json or another.", autocompletion=complete.forms
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, all else on standard error.")]
ReaderName = Annotated[
    Reader,
    typer.Option("--reader", help="Who reads the trace: the kit itself, as far as it can, or babeltrace2."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A module parameter's value; can be repeated.",
        autocompletion=complete.settings,
    ),
]
Entries = Annotated[
    list[str] | None,
    typer.Option(
        "--table",
        metavar="TABLE:KEY=VALUE",
        help="A key's value in a table, before it records; can be repeated.",
        autocompletion=complete.tables,
    ),
]
Filter = Annotated[str | None, typer.Option("--filter", metavar="EXPR", help="When to record.")]
Fields = Annotated[
    list[str] | None, typer.Option("--field", metavar="NAME=EXPR", help="What to record; can be repeated.")
]
Params = Annotated[
    list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A new parameter; can be repeated.")
]
For = Annotated[str | None, typer.Option("--for", metavar="TIME", help="How long at most: 500ms, 10s, 2m.")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="EVENT", help="Only events of this name (* and ? as in a shell); can be repeated."),
]
Where = Annotated[
    str, typer.Option("--where", metavar="EXPR", help="Only events for which this holds, as 'len > 100'.")
]
From = Annotated[
    str, typer.Option("--from", metavar="T", help="The first moment: 1.5s (after the begin), 10:00:01.5, a date.")
]
Until = Annotated[str, typer.Option("--until", metavar="T", help="The end, likewise.")]
WorkloadOnly = Annotated[bool, typer.Option("--workload-only", help="Only what the workload and its children do.")]
TracePath = Annotated[
    Path | None,
    typer.Argument(
        metavar="[TRACE]",
        help="A trace's folder, or a recording's name. Default: the newest.",
        autocompletion=complete.traces,
    ),
]
