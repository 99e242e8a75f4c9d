# SPDX-License-Identifier: GPL-2.0-only
"""Commands on addons: new, generate, check, build. What they need is imported when they run."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import lttng_addon_kit as kit
from lttng_addon_kit.cli import complete, options
from lttng_addon_kit.cli.words import parse_hook, parse_pairs
from lttng_addon_kit.errors import UsageError
from lttng_addon_kit.terminal import printable
from lttng_addon_kit.workspace import DEFAULT_TARGET, find_workspace

commands = typer.Typer()


@commands.command(epilog="lttng-addon new skb-filter --name kit --set device=kit0")
def new(
    template: Annotated[
        str,
        typer.Argument(
            help="From the gallery (lttng-addon list templates), or `tracepoint`.", autocompletion=complete.templates
        ),
    ],
    other: Annotated[str | None, typer.Argument(hidden=True)] = None,
    name: Annotated[str | None, typer.Option(help="The addon's name; default: the template's.")] = None,
    set_: options.Settings = None,
    hook: Annotated[
        str | None, typer.Option(help="Where, as tracepoint:sched_switch.", autocompletion=complete.hooks)
    ] = None,
    filter_: options.Filter = None,
    field: options.Fields = None,
    param: options.Params = None,
    target: options.TargetName = DEFAULT_TARGET,
) -> None:
    """Create an addon: a folder in addons/ with its addon.toml.

    `new tracepoint` creates one from --hook, --filter, --field and --param, checked against a kernel.
    """
    from lttng_addon_kit import gallery

    workspace = find_workspace()
    if other is not None:
        hint = f"lttng-addon new tracepoint --name NAME --hook {parse_hook(other)}"
        raise UsageError(f"'new' takes one template, not {other!r} too", hint=hint)
    if template != gallery.FROM_HOOK:
        if hook or filter_ or field or param:
            raise UsageError("--hook, --filter, --field and --param go with `new tracepoint`")
        source = gallery.new_from_template(workspace, template, name, parse_pairs(set_, "--set"))
    else:
        if name is None or hook is None:
            raise UsageError("new tracepoint needs --name and --hook")
        wanted = gallery.HookAddon(
            name, parse_hook(hook), filter_, parse_pairs(field, "--field"), parse_pairs(param, "--param")
        )
        with gallery.passing_addon(wanted) as draft:
            kit.check([draft], kit.setting(target))
        source = gallery.new_from_hook(workspace, wanted)
    print(printable(f"Created {source.path}. Try it with: lttng-addon run {source.addon.name}"))


@commands.command(epilog="lttng-addon generate skb-filter --target trixie")
def generate(
    addon: options.Addons = None, target: options.TargetName = DEFAULT_TARGET, force: options.Force = False
) -> None:
    """Write each addon's C sources beside its addon.toml."""
    from lttng_addon_kit.spec.find_addons import find_addons

    for path in kit.generate(find_addons(find_workspace(), addon or ()), kit.setting(target), force):
        print(printable(str(path)))


@commands.command(epilog="lttng-addon check --json")
def check(
    addon: options.Addons = None, target: options.TargetName = DEFAULT_TARGET, as_json: options.AsJson = False
) -> None:
    """Check addons against a kernel, without building; list each field's type."""
    from lttng_addon_kit.output.tables import write_rows
    from lttng_addon_kit.spec.find_addons import find_addons

    rows = kit.check(find_addons(find_workspace(), addon or ()), kit.setting(target))
    write_rows(rows, sys.stdout, as_json)


@commands.command(epilog="lttng-addon build skb-filter --target sid")
def build(addon: options.Addons = None, target: options.TargetName = DEFAULT_TARGET) -> None:
    """Build each addon's module, and print where the .ko files are."""
    from lttng_addon_kit.spec.find_addons import find_addons

    for module in kit.build(find_addons(find_workspace(), addon or ()), kit.setting(target)):
        print(printable(str(module.file)))
