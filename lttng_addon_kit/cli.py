"""The `lttng-addon` command: words of the command line -> calls, results -> text or JSON. No logic of its own."""

from __future__ import annotations

import json
import logging
import re
import sys
from dataclasses import asdict
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lttng_addon_kit import api, gallery
from lttng_addon_kit.errors import KitError, UsageError, render
from lttng_addon_kit.module.addon_schema import json_schema
from lttng_addon_kit.output import lists, report
from lttng_addon_kit.output.events_text import view as view_trace
from lttng_addon_kit.output.kernel_types import list_hooks, show_data, show_text
from lttng_addon_kit.output.top import watch
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.recording import Recording
from lttng_addon_kit.target.doctor import doctor as examine
from lttng_addon_kit.target.registry import find_target
from lttng_addon_kit.workspace import cache_folder, find_workspace

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
target_app = typer.Typer(help="The machines that modules run on.", no_args_is_help=True)
app.add_typer(target_app, name="target")

# A table that is not for a terminal is as wide as it needs to be.
_WIDEST = 1000

Addons = Annotated[list[str] | None, typer.Argument(metavar="[ADDON]...", help="Default: every addon here.")]
TargetName = Annotated[
    str, typer.Option("--target", "-t", metavar="TARGET", help="bookworm, trixie, sid, local or ssh:HOST.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, all else on standard error.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A module parameter; can be repeated.")
]
Filter = Annotated[str | None, typer.Option("--filter", metavar="EXPR", help="When to record.")]
Fields = Annotated[list[str] | None, typer.Option("--field", metavar="NAME=EXPR", help="What to record; repeated.")]
Params = Annotated[list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter; repeated.")]
For = Annotated[str | None, typer.Option("--for", metavar="TIME", help="How long at most: 500ms, 10s, 2m.")]
Trace = Annotated[Path | None, typer.Argument(help="A trace's folder, or a recording's name. Default: the newest.")]


class Kind(StrEnum):
    """What `list` lists."""

    TEMPLATES = "templates"
    ADDONS = "addons"
    TRACES = "traces"
    TARGETS = "targets"
    TRACEPOINTS = "tracepoints"
    FUNCTIONS = "functions"


def main() -> None:
    """Run the command; errors are told without a traceback and decide the exit status."""
    # QEMU's monitor leaves a task behind when Ctrl-C ends QEMU, which asyncio would report with a traceback.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
    words, workload = _split_workload(sys.argv[1:])
    try:
        app(words, obj=workload)
    except KitError as error:
        print(render(error), file=sys.stderr)
        sys.exit(error.exit_status)


@app.command(epilog="lttng-addon new skb-filter --name eth --set device=eth0")
def new(
    template: Annotated[str, typer.Argument(help="From the gallery (lttng-addon list templates), or `tracepoint`.")],
    name: Annotated[str | None, typer.Option(help="The addon's name; default: the template's.")] = None,
    set_: Settings = None,
    hook: Annotated[str | None, typer.Option(help="Where, as tracepoint:sched_switch.")] = None,
    filter_: Filter = None,
    field: Fields = None,
    param: Params = None,
    target: TargetName = api.DEFAULT_TARGET,
) -> None:
    """Make a new addon: a folder in addons/ with its addon.toml.

    `new tracepoint` makes one of --hook, --filter, --field and --param, checked against a kernel.
    """
    workspace = find_workspace()
    if template != "tracepoint":
        if hook or filter_ or field or param:
            raise UsageError("--hook, --filter, --field and --param go with `new tracepoint`")
        source = gallery.new_from_template(workspace, template, name, _pairs(set_, "--set"))
    else:
        if name is None or hook is None:
            raise UsageError("new tracepoint needs --name and --hook")
        wanted = gallery.HookAddon(name, _hook(hook), filter_, _pairs(field, "--field"), _pairs(param, "--param"))
        with gallery.passing_addon(wanted) as draft:
            api.check([draft], api.setting(target))
        source = gallery.new_from_hook(workspace, wanted)
    print(f"{source.path} is made; lttng-addon run {source.addon.name} tries it")


@app.command(epilog="lttng-addon generate skb-filter --target trixie")
def generate(addon: Addons = None, target: TargetName = api.DEFAULT_TARGET, force: Force = False) -> None:
    """Write each addon's C sources beside its addon.toml."""
    workspace = find_workspace()
    setting = api.setting(target)
    for path in api.generate(lists.find_addons(workspace, addon or []), setting, force):
        print(path)


@app.command(epilog="lttng-addon check --json")
def check(addon: Addons = None, target: TargetName = api.DEFAULT_TARGET, as_json: AsJson = False) -> None:
    """Check addons against a kernel, without building; tells each field's type."""
    sources = lists.find_addons(find_workspace(), addon or [])
    rows = api.check(sources, api.setting(target))
    if as_json:
        _print_json(rows)
    else:
        _print_rows(rows)


@app.command(epilog="lttng-addon build skb-filter --target sid")
def build(addon: Addons = None, target: TargetName = api.DEFAULT_TARGET) -> None:
    """Build each addon's module; prints where the .ko files are."""
    sources = lists.find_addons(find_workspace(), addon or [])
    for module in api.build(sources, api.setting(target)):
        print(module.file)


@app.command(epilog="lttng-addon run skb-filter --target trixie --set device=eth0 -- ping -c3 10.0.2.2")
def run(
    context: typer.Context,
    addon: Annotated[
        list[str] | None, typer.Argument(metavar="[ADDON]... [-- WORKLOAD]...", help="Default: every addon here.")
    ] = None,
    target: TargetName = api.DEFAULT_TARGET,
    set_: Settings = None,
    for_: For = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the virtual machine running.")] = False,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Build, load, record, fetch the trace, print the summary."""
    workspace = find_workspace()
    options = api.RunOptions(
        parameters=_pairs(set_, "--set"), workload=context.obj, seconds=_seconds(for_), keep=keep, force=force
    )
    sources = lists.find_addons(workspace, addon or [])
    folder = api.run(sources, api.setting(target), workspace.traces, _say, options)
    _finish_run(folder, as_json)


@app.command(epilog="lttng-addon trace tracepoint:sched_switch --field next=next->comm --for 5s")
def trace(
    context: typer.Context,
    hook: Annotated[str, typer.Argument(metavar="HOOK [-- WORKLOAD]...", help="As kprobe:do_sys_openat2.")],
    filter_: Filter = None,
    field: Fields = None,
    param: Params = None,
    target: TargetName = api.DEFAULT_TARGET,
    for_: For = None,
    as_json: AsJson = False,
) -> None:
    """One hook, recorded at once; no addon is left behind."""
    wanted = gallery.HookAddon("trace-once", _hook(hook), filter_, _pairs(field, "--field"), _pairs(param, "--param"))
    options = api.RunOptions(workload=context.obj, seconds=_seconds(for_))
    with gallery.passing_addon(wanted) as source:
        folder = api.run([source], api.setting(target), find_workspace().traces, _say, options)
    _finish_run(folder, as_json)


@app.command(epilog="lttng-addon top procfs-stats --every 0.5s -- ping localhost")
def top(
    context: typer.Context,
    addon: Annotated[str, typer.Argument(metavar="ADDON [-- WORKLOAD]...", help="One that collects.")],
    target: TargetName = api.DEFAULT_TARGET,
    set_: Settings = None,
    every: Annotated[str, typer.Option("--every", metavar="TIME", help="As 0.5s.")] = "1s",
) -> None:
    """What an addon collects, live, until Ctrl-C."""
    (source,) = lists.find_addons(find_workspace(), [addon])
    seconds = _seconds(every)
    assert seconds is not None
    options = api.RunOptions(parameters=_pairs(set_, "--set"), workload=context.obj)
    watch(source, api.setting(target), seconds, Console(highlight=False), options)


@app.command(epilog="lttng-addon summary --json | jq .events")
def summary(trace: Trace = None, as_json: AsJson = False) -> None:
    """The summary of a trace: any LTTng kernel trace, not only ours."""
    _print_summary(lists.find_trace(find_workspace(), trace), as_json)


@app.command(epilog="lttng-addon view | head")
def view(trace: Trace = None) -> None:
    """The events themselves, one a line."""
    view_trace(lists.find_trace(find_workspace(), trace), sys.stdout)


@app.command("list", epilog="lttng-addon list tracepoints 'sched_*'")
def list_(
    kind: Annotated[Kind, typer.Argument(help="What to list.")],
    pattern: Annotated[str, typer.Argument(help="Only names like this (* and ? as in a shell).")] = "*",
    target: TargetName = api.DEFAULT_TARGET,
    as_json: AsJson = False,
) -> None:
    """What there is: templates, addons, traces, targets; a kernel's tracepoints and functions."""
    rows = _rows(kind, pattern, target)
    if as_json:
        _print_json(rows)
    else:
        _print_rows(rows)


@app.command(epilog="lttng-addon show tracepoint:netif_receive_skb --depth 2")
def show(
    what: Annotated[str, typer.Argument(metavar="KIND:NAME", help="tracepoint:, function:, struct:, enum: ...")],
    depth: Annotated[int, typer.Option(min=0, max=8, help="How many structs deep.")] = 1,
    target: TargetName = api.DEFAULT_TARGET,
    as_json: AsJson = False,
) -> None:
    """What one can write in a field: a kernel's types, as C."""
    kernel = api.target_kernel(api.setting(target))
    if as_json:
        _print_json(show_data(kernel, what, depth))
    else:
        print(show_text(kernel, what, depth))


@app.command()
def schema() -> None:
    """The JSON schema of addon.toml, for editors."""
    _print_json(json_schema())


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """What is missing here, and the command that mends it."""
    findings = examine(cache_folder())
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok     ' if finding.ok else 'MISSING'} {finding.what}: {finding.detail}")
            if not finding.ok:
                print(f"        {finding.fix}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@target_app.command("create")
def target_create(name: Annotated[str, typer.Argument()] = api.DEFAULT_TARGET) -> None:
    """Make a target now rather than on first use."""
    find_target(name, cache_folder()).create(Progress())


@target_app.command("list")
def target_list(as_json: AsJson = False) -> None:
    """The targets there are, and which are made."""
    list_(Kind.TARGETS, "*", api.DEFAULT_TARGET, as_json)


@target_app.command("shell")
def target_shell(name: Annotated[str, typer.Argument()] = api.DEFAULT_TARGET) -> None:
    """A shell on a target: the one that --keep left running, or a new one."""
    target = find_target(name, cache_folder())
    target.create(Progress())
    raise typer.Exit(target.shell(Progress()))


@target_app.command("remove")
def target_remove(name: Annotated[str, typer.Argument()]) -> None:
    """Remove a target from the cache, and stop its virtual machine."""
    find_target(name, cache_folder()).remove()


def _split_workload(words: list[str]) -> tuple[list[str], tuple[str, ...] | None]:
    """What follows `--` is the workload's, whatever it looks like."""
    if "--" not in words:
        return words, None
    at = words.index("--")
    return words[:at], tuple(words[at + 1 :])


def _pairs(words: list[str] | None, option: str) -> dict[str, str]:
    pairs = {}
    for word in words or []:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{option} takes NAME=VALUE, not {word!r}")
        if name in pairs:
            raise UsageError(f"{option} names {name!r} twice")
        pairs[name] = value
    return pairs


def _hook(text: str) -> str:
    """A hook without a kind is a tracepoint's."""
    return text if ":" in text else f"tracepoint:{text}"


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)?", text)
    if not found or not float(found[1]):
        raise UsageError(f"a time is as 500ms, 10s or 2m, not {text!r}")
    return float(found[1]) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[found[2] or "s"]


def _say(line: str) -> None:
    """A line of the workload's output: beside the summary, not in it."""
    print(line, file=sys.stderr, flush=True)


def _finish_run(folder: Path, as_json: bool) -> None:
    recording = _print_summary(folder, as_json)
    if recording:
        report.refuse_bad(recording)
        if recording.interrupted:
            raise typer.Exit(130)


def _print_summary(folder: Path, as_json: bool) -> Recording | None:
    recording, summary = report.read_summary(folder)
    if as_json:
        _print_json(report.as_json(recording, summary))
    else:
        report.print_report(recording, summary, Console(highlight=False))
    return recording


def _rows(kind: Kind, pattern: str, target: str) -> list[dict[str, Any]]:
    workspace = find_workspace()
    match kind:
        case Kind.TRACEPOINTS:
            return list_hooks(api.target_kernel(api.setting(target)), "tracepoints", pattern)
        case Kind.FUNCTIONS:
            return list_hooks(api.target_kernel(api.setting(target)), "functions", pattern)
        case Kind.TEMPLATES:
            rows = lists.template_rows()
        case Kind.ADDONS:
            rows = lists.addon_rows(workspace)
        case Kind.TRACES:
            rows = lists.trace_rows(workspace)
        case Kind.TARGETS:
            rows = lists.target_rows(cache_folder())
    return [row for row in rows if fnmatch(str(next(iter(row.values()))), pattern)]


def _print_json(data: Any) -> None:
    json.dump(data, sys.stdout, indent=2)
    print()


def _print_rows(rows: list[dict[str, Any]]) -> None:
    """A table for a person: a column a key, lists joined; cut to the width of a terminal, and only there."""
    if not rows:
        print("none", file=sys.stderr)
        return
    table = Table(*rows[0], box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(escape(_cell(row.get(key))) for key in rows[0]))
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDEST).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
