# SPDX-License-Identifier: GPL-2.0-only
"""The Python API, of which the `lttng-addon` command is one user: from addon.toml to a recording, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lttng_addon_kit.build.crash_cause import CrashCause
from lttng_addon_kit.build.kbuild import build_addon
from lttng_addon_kit.errors import Gathering, KitError, UsageError
from lttng_addon_kit.kernel.kernel import Kernel, open_kernel
from lttng_addon_kit.module import lttng_addons
from lttng_addon_kit.module.addon_schema import write_schema
from lttng_addon_kit.module.makefile import add_to_makefile
from lttng_addon_kit.module.sources import generate_sources
from lttng_addon_kit.module.write import write_files
from lttng_addon_kit.output.checked import field_rows
from lttng_addon_kit.output.opened import DamagedTraceWarning, OpenRecording, RecordedEvents
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.collected import Snapshot
from lttng_addon_kit.session.draft import check_room
from lttng_addon_kit.session.follow import follow
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.record import record
from lttng_addon_kit.session.recording import find_trace
from lttng_addon_kit.session.stage import Stage
from lttng_addon_kit.session.workload import ChosenWorkload, choose_workload
from lttng_addon_kit.spec.first_entries import choose_entries
from lttng_addon_kit.spec.load import AddonSource, load_addon
from lttng_addon_kit.spec.settings import choose_settings
from lttng_addon_kit.spec.workload_only import workload_only
from lttng_addon_kit.target.registry import Boot, Target, find_target
from lttng_addon_kit.workspace import DEFAULT_TARGET, Workspace, cache_folder, find_workspace

if TYPE_CHECKING:
    from lttng_addon_kit.trace.model import Summary

__all__ = [
    "DEFAULT_TARGET",
    "AddonSource",
    "BuiltModule",
    "DamagedTraceWarning",
    "KitError",
    "OpenRecording",
    "RecordedEvents",
    "RunOptions",
    "Setting",
    "UsageError",
    "Workspace",
    "build",
    "check",
    "find_workspace",
    "follow_addon",
    "generate",
    "load_addon",
    "open",
    "run",
    "setting",
    "summarise",
    "target_kernel",
]


@dataclass(frozen=True)
class Setting:
    """What a run needs besides addons: where it happens, where things are kept, where progress is reported."""

    target: Target
    cache: Path
    progress: Progress


def setting(target: str = DEFAULT_TARGET) -> Setting:
    """The setting of a target by its name, with the user's cache, and progress on standard error.

    Raises:
        UsageError: there is no such target.
    """
    cache = cache_folder()
    return Setting(find_target(target, cache), cache, Progress())


@dataclass(frozen=True)
class RunOptions:
    """How one run differs from the default.

    Args:
        parameters: values of module parameters, by name (`--set`).
        entries: values of keys in tables, by `TABLE:KEY` (`--table`).
        workload: the command; the first addon's own if None.
        seconds: how long to record at most; without any workload, how long to record.
        keep: leave the virtual machine running.
        force: overwrite generated sources that were edited by hand.
        boot: how to boot a virtual machine.
        workload_only: take only what the workload does: `in_workload()` comes before every filter.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    workload: tuple[str, ...] | None = None
    seconds: float | None = None
    keep: bool = False
    force: bool = False
    boot: Boot = field(default_factory=Boot)
    workload_only: bool = False


def target_kernel(setting: Setting) -> Kernel:
    """Open the kernel of the setting's target, creating the target if it does not exist."""
    setting.target.create(setting.progress)
    return open_kernel(setting.target.kernel_files(), setting.cache, setting.progress)


def generate(sources: Sequence[AddonSource], setting: Setting, force: bool = False) -> list[Path]:
    """Write the generated sources beside each addon.toml, its entry in addons/Makefile, and the schema in addons/.

    Returns:
        The files that changed.

    Raises:
        KitError: an addon is wrong for this kernel, or a generated file was edited by hand.
    """
    kernel = target_kernel(setting)
    changed: list[Path] = []
    for source in sources:
        generated = generate_sources(source, kernel)
        changed += write_files(source.folder, generated.files, force)
        if generated.boundary:
            folder = source.folder.parent / lttng_addons.NAME
            changed += write_files(folder, lttng_addons.runtime_sources(), force)
            changed += add_to_makefile(folder)
        changed += add_to_makefile(source.folder)
        changed += write_schema(source.folder.parent)
    return [*dict.fromkeys(changed)]


def check(sources: Sequence[AddonSource], setting: Setting) -> list[dict[str, str]]:
    """Check addons against the setting's kernel, without writing or building anything.

    Returns:
        A row for each field (its addon, event, hook, name, type and expression) and for each aggregate.

    Raises:
        KitError: an addon is wrong for this kernel.
    """
    kernel = target_kernel(setting)
    found = Gathering()
    rows: list[dict[str, str]] = []
    for source in sources:
        with found.part():
            rows += field_rows(source.addon, generate_sources(source, kernel))
    found.refuse()
    return rows


def build(sources: Sequence[AddonSource], setting: Setting) -> list[BuiltModule]:
    """Build each addon's module for the setting's target, in the cache.

    Raises:
        KitError: an addon is wrong for this kernel, or does not compile.
    """
    kernel = target_kernel(setting)
    return [_build_one(source, kernel, setting) for source in sources]


def _check_settings(sources: Sequence[AddonSource], chosen: Sequence[Mapping[str, str]], setting: Setting) -> None:
    """Check the addons with the texts that parameters are set to: one may be longer than what it is compared with.

    Raises:
        KitError: it is.
    """
    for source, values in zip(sources, chosen, strict=True):
        texts = {name: text for name, text in values.items() if source.addon.parameters[name].kind == "text"}
        if texts:
            generate_sources(source.with_defaults(texts), target_kernel(setting))


def _build_one(source: AddonSource, kernel: Kernel, setting: Setting) -> BuiltModule:
    generated = generate_sources(source, kernel)
    with setting.progress.step(f"Building {source.addon.module_name} for {setting.target.name}"):
        built = build_addon(source, generated, setting.target, setting.cache, setting.progress)
    needs = (*generated.modules, *built.needs)
    addon = source.addon.on(kernel.version)
    cause = CrashCause(source, kernel.version, built.file, setting.target)
    return BuiltModule(
        addon,
        built.file,
        needs,
        runtime=built.runtime,
        addresses=generated.addresses,
        asks_workload=generated.asks_workload,
        cause=cause,
    )


def run(
    sources: Sequence[AddonSource],
    setting: Setting,
    traces: Path,
    on_output: Callable[[str], None],
    options: RunOptions | None = None,
) -> OpenRecording:
    """Build the addons' modules, load them on the target, record their events while the workload runs.

    The sources beside addon.toml are those of the default target; a run on it brings them up to date.

    Args:
        traces: the folder that gets the new recording's folder.
        on_output: called with each line that the workload prints.

    Returns:
        The recording, in a folder below `traces`; of a run that ended early too, as far as it got: see
        `Recording.refuse_failed`.

    Raises:
        UsageError: a parameter or a workload that makes no sense.
        KitError: a step before the recording failed; nothing is left behind.
    """
    options = options or RunOptions()
    addons = [source.addon for source in sources]
    settings, entries = choose_settings(addons, options.parameters), choose_entries(addons, options.entries)
    workload = choose_workload(sources, options.workload, options.seconds)
    check_room(traces)
    _check_settings(sources, settings, setting)
    if setting.target.name == DEFAULT_TARGET:
        generate(sources, setting, options.force)
    built = _build_for(workload, sources, setting, options)
    modules = [
        replace(module, parameters=parameters, entries=first)
        for module, parameters, first in zip(built, settings, entries, strict=True)
    ]
    with setting.target.start(setting.progress, options.boot, options.keep) as machine:
        return OpenRecording(record(Stage(machine, setting.progress, on_output), modules, workload, traces))


def _build_for(
    workload: ChosenWorkload, sources: Sequence[AddonSource], setting: Setting, options: RunOptions
) -> list[BuiltModule]:
    """Build the addons for one run."""
    if options.workload_only:
        check(sources, setting)  # mistakes have their places in what the user wrote
        sources = [workload_only(source) for source in sources]
    modules = build(sources, setting)
    if not workload.command and any(module.asks_workload for module in modules):
        raise UsageError("in_workload() is about the command of a run, and this run has none", hint="add -- COMMAND")
    return modules


def follow_addon(
    source: AddonSource,
    setting: Setting,
    seconds: float,
    on_snapshot: Callable[[Snapshot], None],
    options: RunOptions | None = None,
) -> None:
    """Build an addon, load it, and give what it collects every `seconds`, until Ctrl-C.

    Raises:
        KeyboardInterrupt: it was pressed; the module is unloaded.
        UsageError: it collects nothing, or a parameter makes no sense.
        KitError: a step failed; nothing is left behind.
    """
    options = options or RunOptions()
    if not source.addon.collects:
        raise UsageError(f"{source.addon.name} has no [[aggregate]] and no [share]: there is nothing to watch")
    (parameters,) = choose_settings([source.addon], options.parameters)
    workload = choose_workload([source], options.workload, options.seconds)
    _check_settings([source], [parameters], setting)
    (module,) = _build_for(workload, [source], setting, options)
    with setting.target.start(setting.progress, options.boot) as machine:
        follow(Stage(machine, setting.progress), replace(module, parameters=parameters), workload, seconds, on_snapshot)


def open(trace: Path | str | None = None) -> OpenRecording:
    """Open a trace: its folder, a recording's name, or the newest recording of the workspace.

    Raises:
        UsageError: there is none.
    """
    return OpenRecording(find_trace(find_workspace().traces, None if trace is None else Path(trace)))


def summarise(trace: Path) -> Summary:
    """Summarise a trace; what its recording.json says of its fields is used.

    Returns:
        The summary; of a damaged trace it covers what could be read, and `error` says what couldn't.

    Raises:
        UsageError, KitError: there is no trace, or nothing of it can be read.
    """
    # Imported here: only reading a trace needs babeltrace2.
    from lttng_addon_kit.output.report import summarise_recorded

    return summarise_recorded(trace)
