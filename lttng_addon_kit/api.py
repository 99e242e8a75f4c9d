"""The way from addon.toml to a recording, one step after the other: what `generate`, `check`, `build` and `run` do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lttng_addon_kit.build.kbuild import build_addon
from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.expression.fields.describe import describe
from lttng_addon_kit.kernel.kernel import Kernel, open_kernel
from lttng_addon_kit.module import lttng_addons
from lttng_addon_kit.module.makefile import add_to_makefile
from lttng_addon_kit.module.sources import Sources, generate_sources
from lttng_addon_kit.module.write import write_files
from lttng_addon_kit.progress import Progress
from lttng_addon_kit.session.aggregates import Snapshot
from lttng_addon_kit.session.follow import follow
from lttng_addon_kit.session.record import BuiltModule, Workload, record
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.parameter_table import ParameterTable, check_text_value
from lttng_addon_kit.target.registry import Boot, Target, find_target
from lttng_addon_kit.workspace import cache_folder

DEFAULT_TARGET = "bookworm"


@dataclass(frozen=True)
class Setting:
    """What a run needs besides addons: where it happens, where things are kept, whom to tell."""

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
        workload: the command; the first addon's own if None.
        seconds: how long to record at most; without any workload, how long to record.
        keep: leave the virtual machine running.
        force: overwrite generated sources that were edited by hand.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    workload: tuple[str, ...] | None = None
    seconds: float | None = None
    keep: bool = False
    force: bool = False
    boot: Boot = field(default_factory=Boot)


def target_kernel(setting: Setting) -> Kernel:
    """The kernel of the setting's target, which is made first if it isn't there."""
    setting.target.create(setting.progress)
    return open_kernel(setting.target.kernel_files(), setting.cache, setting.progress)


def generate(sources: Sequence[AddonSource], setting: Setting, force: bool = False) -> list[Path]:
    """Write the generated sources beside each addon.toml, and its entry in addons/Makefile.

    Returns:
        The files that changed.

    Raises:
        KitError: an addon is wrong for this kernel, or a generated file was edited by hand.
    """
    kernel = target_kernel(setting)
    changed = []
    for source in sources:
        generated = generate_sources(source, kernel)
        changed += write_files(source.folder, generated.files, force)
        if generated.boundary:
            folder = source.folder.parent / lttng_addons.NAME
            changed += write_files(folder, lttng_addons.runtime_sources(), force)
            changed += add_to_makefile(folder)
        changed += add_to_makefile(source.folder)
    return changed


def check(sources: Sequence[AddonSource], setting: Setting) -> list[dict[str, str]]:
    """Check addons against the setting's kernel, without writing or building anything.

    Returns:
        A row for each field: its addon, event, name, type and expression.

    Raises:
        KitError: an addon is wrong for this kernel.
    """
    kernel = target_kernel(setting)
    return [row for source in sources for row in _field_rows(source, generate_sources(source, kernel))]


def _field_rows(source: AddonSource, sources: Sources) -> Iterator[dict[str, str]]:
    for each in sources.events:
        names = {"addon": source.addon.name, "event": each.spec.name, "hook": each.spec.hook}
        for value in each.fields:
            yield {
                **names,
                "field": value.name,
                "type": describe(value.kind),
                "value": each.spec.fields[value.name].value,
            }
        if not each.fields:
            yield {**names, "field": "", "type": "", "value": ""}


def build(sources: Sequence[AddonSource], setting: Setting) -> list[BuiltModule]:
    """Build each addon's module for the setting's target, in the cache.

    Raises:
        KitError: an addon is wrong for this kernel, or does not compile.
    """
    kernel = target_kernel(setting)
    return [_build_one(source, kernel, setting) for source in sources]


def _build_one(source: AddonSource, kernel: Kernel, setting: Setting) -> BuiltModule:
    generated = generate_sources(source, kernel)
    with setting.progress.step(f"Building {source.addon.module_name} for {setting.target.name}"):
        built = build_addon(source, generated, setting.target, setting.cache, setting.progress)
    needs = (*generated.modules, *built.needs)
    addon = source.addon.on(kernel.version)
    return BuiltModule(addon, built.file, needs, runtime=built.runtime, addresses=generated.addresses)


def run(
    sources: Sequence[AddonSource],
    setting: Setting,
    traces: Path,
    on_output: Callable[[str], None],
    options: RunOptions | None = None,
) -> Path:
    """Build the addons' modules, load them on the target, record their events while the workload runs.

    The sources beside addon.toml are those of the default target; a run on it brings them up to date.

    Returns:
        The folder of the recording, below `traces`.

    Raises:
        UsageError: a parameter or a workload that makes no sense.
        KitError: a step failed; nothing is left behind.
    """
    options = options or RunOptions()
    parameters = [_parameters_of(source.addon, options.parameters) for source in sources]
    _refuse_unknown(sources, options.parameters)
    workload = _workload(sources, options)
    if setting.target.name == DEFAULT_TARGET:
        generate(sources, setting, options.force)
    modules = build(sources, setting)
    loaded = [replace(module, parameters=chosen) for module, chosen in zip(modules, parameters, strict=True)]
    with setting.target.start(setting.progress, options.boot, options.keep) as machine:
        return record(machine, loaded, workload, traces, setting.progress, on_output)


def follow_addon(
    source: AddonSource,
    setting: Setting,
    seconds: float,
    on_snapshot: Callable[[Snapshot], None],
    options: RunOptions | None = None,
) -> None:
    """Build an addon, load it, and give what it collects every `seconds`, until Ctrl-C.

    Raises:
        UsageError: it collects nothing, or a parameter makes no sense.
        KitError: a step failed; nothing is left behind.
    """
    options = options or RunOptions()
    if not source.addon.collects:
        raise UsageError(f"{source.addon.name} has no [[aggregate]] and no [share]: there is nothing to watch")
    _refuse_unknown([source], options.parameters)
    parameters = _parameters_of(source.addon, options.parameters)
    (module,) = build([source], setting)
    with setting.target.start(setting.progress, options.boot) as machine:
        loaded = replace(module, parameters=parameters)
        follow(machine, loaded, _workload([source], options), seconds, setting.progress, on_snapshot)


def _workload(sources: Sequence[AddonSource], options: RunOptions) -> Workload:
    source = next((source for source in sources if source.addon.workload), None)
    own = source.addon.workload if source else None
    files = tuple(source.folder / name for name in own.files) if source and own else ()
    if options.workload is not None:
        return Workload(options.workload, options.seconds, files)
    if own is not None and options.seconds is None:
        return Workload(own.words, files=files)
    return Workload((), options.seconds)


def _refuse_unknown(sources: Sequence[AddonSource], given: Mapping[str, str]) -> None:
    known = {name for source in sources for name in source.addon.parameters}
    for name in given:
        if name not in known:
            names = ", ".join(source.addon.name for source in sources)
            raise UsageError(f"no parameter {name!r} in {names}", hint=nearest(name, known))


def _parameters_of(addon: Addon, given: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _accepted(name, addon.parameters[name], value)
        for name, value in given.items()
        if name in addon.parameters
    }


def _accepted(name: str, parameter: ParameterTable, value: str) -> str:
    """A value of the command line, if the module would take it."""
    try:
        if parameter.kind == "text":
            check_text_value(value, parameter.length)
        elif parameter.kind == "integer":
            return str(int(value, 0))
        elif value not in ("0", "1", "true", "false", "y", "n"):
            raise ValueError(f"{value!r} is not true or false")
    except ValueError as problem:
        raise UsageError(f"--set {name}: {problem}") from None
    return {"true": "1", "false": "0"}.get(value, value) if parameter.kind == "boolean" else value
