"""Commands on targets, and on this host: target create|list|shell|remove, doctor."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from lttng_addon_kit.cli import complete, options
from lttng_addon_kit.cli.list_commands import ListedKind, print_list
from lttng_addon_kit.workspace import DEFAULT_TARGET, cache_folder

commands = typer.Typer()
target_commands = typer.Typer(help="Manage the machines that modules run on.", no_args_is_help=True)
commands.add_typer(target_commands, name="target")

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
