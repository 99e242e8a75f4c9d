# SPDX-License-Identifier: GPL-2.0-only
"""Commands that look things up: list, show, schema. What they need is imported when they run."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

import lttng_addon_kit as kit
from lttng_addon_kit.cli import complete, options
from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.terminal import printable
from lttng_addon_kit.workspace import DEFAULT_TARGET, cache_folder, find_workspace

commands = typer.Typer()


class ListedKind(StrEnum):
    """What `list` lists; output/lists.py has the same names."""

    TEMPLATES = "templates"
    ADDONS = "addons"
    TRACES = "traces"
    TARGETS = "targets"
    TRACEPOINTS = "tracepoints"
    FUNCTIONS = "functions"


def _listed_kind(word: str) -> ListedKind:
    if word not in set(ListedKind):
        kinds = [each.value for each in ListedKind]
        hint = nearest(word, kinds) or f"there are {', '.join(kinds)}"
        raise UsageError(f"'list' knows no {word!r}", hint=hint)
    return ListedKind(word)


@commands.command("list", epilog="lttng-addon list traces\n\nlttng-addon list tracepoints 'sched_*'")
def list_(
    kind: Annotated[
        ListedKind,
        typer.Argument(
            help="What to list.",
            parser=_listed_kind,
            metavar="KIND",
            autocompletion=lambda: list(ListedKind),
        ),
    ],
    pattern: Annotated[
        str,
        typer.Argument(help="Only names like this (* and ? as in a shell).", autocompletion=complete.listed),
    ] = "*",
    target: options.TargetName = DEFAULT_TARGET,
    as_json: options.AsJson = False,
) -> None:
    """List templates, addons, traces, targets; a kernel's tracepoints and functions."""
    print_list(kind, pattern, target, as_json)


def print_list(kind: ListedKind, pattern: str, target: str, as_json: bool) -> None:
    """Print one of the lists."""
    from lttng_addon_kit.api import target_kernel
    from lttng_addon_kit.output.lists import Listed, list_rows
    from lttng_addon_kit.output.tables import write_rows

    where = Listed(find_workspace(), cache_folder(), lambda: target_kernel(kit.setting(target)))
    write_rows(list_rows(kind, pattern, where), sys.stdout, as_json, a_line_each=kind is ListedKind.TRACES)


@commands.command(epilog="lttng-addon show tracepoint:netif_receive_skb --depth 2")
def show(
    what: Annotated[
        str,
        typer.Argument(
            metavar="KIND:NAME", help="tracepoint:, function:, struct:, enum: ...", autocompletion=complete.shown
        ),
    ],
    depth: Annotated[int, typer.Option(min=0, max=8, help="How many structs deep.")] = 1,
    target: options.TargetName = DEFAULT_TARGET,
    as_json: options.AsJson = False,
) -> None:
    """Show a kernel's hook or type as C, and what a field can be taken from."""
    from lttng_addon_kit.api import target_kernel
    from lttng_addon_kit.output.kernel_types import show_data, show_text
    from lttng_addon_kit.output.tables import write_json

    kernel = target_kernel(kit.setting(target))
    if as_json:
        write_json(show_data(kernel, what, depth), sys.stdout)
    else:
        print(printable(show_text(kernel, what, depth), keep="\n\t"))


@commands.command()
def schema() -> None:
    """Print the JSON schema of addon.toml, for editors."""
    from lttng_addon_kit.module.addon_schema import json_schema
    from lttng_addon_kit.output.tables import write_json

    write_json(json_schema(), sys.stdout)
