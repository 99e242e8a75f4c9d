# SPDX-License-Identifier: GPL-2.0-only
"""Commands that load addons on a machine: run, trace, top. What they need is imported when they run."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Annotated

import typer

import lttng_addon_kit as kit
from lttng_addon_kit.cli import complete, options
from lttng_addon_kit.cli.reports import choose_form, finish_run, print_output
from lttng_addon_kit.cli.words import parse_hook, parse_pairs, parse_seconds
from lttng_addon_kit.terminal import open_console
from lttng_addon_kit.workspace import DEFAULT_TARGET, find_workspace

commands = typer.Typer()


@commands.command(epilog="lttng-addon run skb-filter --target trixie --set device=kit0 -- ping -c3 10.0.2.2")
def run(
    context: typer.Context,
    addon: options.AddonsAndWorkload = None,
    target: options.TargetName = DEFAULT_TARGET,
    set_: options.Settings = None,
    table: options.Entries = None,
    for_: options.For = None,
    workload_only: options.WorkloadOnly = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the virtual machine running.")] = False,
    force: options.Force = False,
    form: options.FormName = "text",
    as_json: options.AsJson = False,
) -> None:
    """Build, load, record, fetch the trace, print the summary."""
    from lttng_addon_kit.spec.find_addons import find_addons

    chosen = choose_form(form, as_json)
    workspace = find_workspace()
    how = kit.RunOptions(
        parameters=parse_pairs(set_, "--set"),
        entries=parse_pairs(table, "--table"),
        workload=context.obj,
        seconds=parse_seconds(for_) if for_ else None,
        keep=keep,
        force=force,
        workload_only=workload_only,
    )
    sources = find_addons(workspace, addon or ())
    finish_run(kit.run(sources, kit.setting(target), workspace.traces, print_output, how).folder, chosen)


@commands.command(epilog="lttng-addon trace tracepoint:sched_switch --field 'next=next->comm' --for 5s")
def trace(
    context: typer.Context,
    hook: Annotated[
        str,
        typer.Argument(
            metavar="HOOK [-- WORKLOAD]...", help="As kprobe:do_sys_openat2.", autocompletion=complete.hooks
        ),
    ],
    filter_: options.Filter = None,
    field: options.Fields = None,
    param: options.Params = None,
    target: options.TargetName = DEFAULT_TARGET,
    for_: options.For = None,
    workload_only: options.WorkloadOnly = False,
    form: options.FormName = "text",
    as_json: options.AsJson = False,
) -> None:
    """Record one hook at once; no addon is left behind."""
    from lttng_addon_kit import gallery

    chosen = choose_form(form, as_json)
    wanted = gallery.HookAddon(
        "trace-once", parse_hook(hook), filter_, parse_pairs(field, "--field"), parse_pairs(param, "--param")
    )
    seconds = parse_seconds(for_) if for_ else None
    how = kit.RunOptions(workload=context.obj, seconds=seconds, workload_only=workload_only)
    with gallery.passing_addon(wanted) as source:
        recording = kit.run([source], kit.setting(target), find_workspace().traces, print_output, how)
    finish_run(recording.folder, chosen)


@commands.command(epilog="lttng-addon top procfs-stats --every 0.5s -- ping localhost")
def top(
    context: typer.Context,
    addon: Annotated[
        str,
        typer.Argument(metavar="ADDON [-- WORKLOAD]...", help="One that collects.", autocompletion=complete.addons),
    ],
    target: options.TargetName = DEFAULT_TARGET,
    set_: options.Settings = None,
    every: Annotated[str, typer.Option("--every", metavar="TIME", help="As 0.5s.")] = "1s",
    workload_only: options.WorkloadOnly = False,
) -> None:
    """Show what an addon collects, live, until Ctrl-C."""
    from lttng_addon_kit.api import follow_addon
    from lttng_addon_kit.output.top import live_tables
    from lttng_addon_kit.spec.find_addons import find_addons

    (source,) = find_addons(find_workspace(), [addon])
    how = kit.RunOptions(parameters=parse_pairs(set_, "--set"), workload=context.obj, workload_only=workload_only)
    with live_tables(open_console(sys.stdout)) as show, suppress(KeyboardInterrupt):
        follow_addon(source, kit.setting(target), parse_seconds(every), show, how)
