# SPDX-License-Identifier: GPL-2.0-only
"""Commands on targets, and on this host: target create|list|shell|remove, cache, doctor."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from lttng_addon_kit.cli import complete, options
from lttng_addon_kit.cli.list_commands import ListedKind, print_list
from lttng_addon_kit.workspace import DEFAULT_TARGET, cache_folder

commands = typer.Typer()
target_commands = typer.Typer(help="Manage the machines that modules run on.", no_args_is_help=True)
commands.add_typer(target_commands, name="target")
cache_commands = typer.Typer(help="Show what the cache holds, and empty it.")
commands.add_typer(cache_commands, name="cache")

Name = Annotated[str, typer.Argument(metavar="[TARGET]", autocompletion=complete.targets)]


@commands.command()
def doctor(as_json: options.AsJson = False) -> None:
    """Report what is missing here, and the command that mends it."""
    from lttng_addon_kit.output.findings import write_findings
    from lttng_addon_kit.target.doctor import doctor as examine

    findings = examine(cache_folder())
    write_findings(findings, sys.stdout, as_json)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@cache_commands.callback(invoke_without_command=True)
def cache(context: typer.Context, as_json: options.AsJson = False) -> None:
    """List what is in the cache, how much it takes, and what removes it."""
    from lttng_addon_kit.output.tables import write_rows
    from lttng_addon_kit.target.cache_contents import list_contents

    if context.invoked_subcommand is None:
        rows = [asdict(each) for each in list_contents(cache_folder())]
        if not as_json:
            rows = [{**row, "size": f"{row['size'] / 1e6:,.1f} MB"} for row in rows]
        write_rows(rows, sys.stdout, as_json)


@cache_commands.command()
def clear() -> None:
    """Remove what the kit creates again by itself: builds, types of kernels, snapshots. Nothing that is in use."""
    from lttng_addon_kit.target.cache_contents import clear as clear_cache

    print(f"freed {clear_cache(cache_folder()) / 1e6:,.1f} MB")


@target_commands.command()
def create(name: Name = DEFAULT_TARGET) -> None:
    """Create a target now rather than on first use."""
    from lttng_addon_kit.progress import Progress
    from lttng_addon_kit.target.registry import find_target

    find_target(name, cache_folder()).create(Progress())


@target_commands.command("list")
def list_(as_json: options.AsJson = False) -> None:
    """List the targets, and which of them exist."""
    print_list(ListedKind.TARGETS, "*", DEFAULT_TARGET, as_json)


@target_commands.command()
def shell(name: Name = DEFAULT_TARGET) -> None:
    """Open a shell on a target: the one that --keep left running, or a new one."""
    from lttng_addon_kit.progress import Progress
    from lttng_addon_kit.target.registry import find_target

    target = find_target(name, cache_folder())
    target.create(Progress())
    raise typer.Exit(target.shell(Progress()))


@target_commands.command()
def remove(name: Annotated[str, typer.Argument(metavar="TARGET", autocompletion=complete.targets)]) -> None:
    """Remove a target from the cache, and stop its virtual machine."""
    from lttng_addon_kit.target.registry import find_target

    find_target(name, cache_folder()).remove()
