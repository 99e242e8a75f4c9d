# SPDX-License-Identifier: GPL-2.0-only
"""The `lttng-addon` command, put together from its groups of commands."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from typing import Annotated, NoReturn

import typer

from lttng_addon_kit import __version__
from lttng_addon_kit.cli import addon_commands, list_commands, run_commands, target_commands, trace_commands
from lttng_addon_kit.cli.bash_colons import colons_joined
from lttng_addon_kit.cli.words import split_workload
from lttng_addon_kit.errors import KitError, render
from lttng_addon_kit.unforeseen import keep_commands

_EXAMPLES = """
[bold]Examples[/bold]

  lttng-addon new skb-filter           a first addon, from the gallery
  lttng-addon run                      build, load, record, summarise
  lttng-addon summary                  the newest recording again
"""

app = typer.Typer(
    help="Kernel events of your own: a short addon.toml becomes an LTTng module, a recording and a summary.",
    epilog=_EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for group in (addon_commands, run_commands, trace_commands, list_commands, target_commands):
    app.add_typer(group.commands)


def _print_version(wanted: bool) -> None:
    if wanted:
        import platform

        print(f"lttng-addon {__version__} (Python {platform.python_version()}, {platform.platform()})")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version for a bug report."),
    ] = False,
) -> None:
    """The options of the command itself."""


def main() -> None:
    """Run the command; errors are printed without a traceback and decide the exit status."""
    # QEMU's monitor leaves a task behind when Ctrl-C ends QEMU, which asyncio would report with a traceback.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
    keep_commands()
    words, workload = split_workload(sys.argv[1:])
    try:
        with colons_joined(os.environ):
            app(words, obj=workload)
    except KitError as error:
        _fail(error)
    except sqlite3.Error as problem:
        _fail(KitError(f"the types of the kernel can't be read: {problem}", hint="lttng-addon cache clear"))
    except ModuleNotFoundError as missing:
        _fail(KitError(f"Python module {missing.name} is missing", hint="lttng-addon doctor says how to install it"))


def _fail(error: KitError) -> NoReturn:
    print(render(error), file=sys.stderr)
    sys.exit(error.exit_status)
