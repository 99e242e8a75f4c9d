# SPDX-License-Identifier: GPL-2.0-only
"""Load modules on a machine for a while, and take everything back out."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from lttng_addon_kit.build.crash_cause import CrashCause
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.batch import Command, Late
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Output, failed
from lttng_addon_kit.session.collected import client_supplies, write_entries
from lttng_addon_kit.session.stage import Stage, afterwards
from lttng_addon_kit.session.supplies import Supplies
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.first_entries import FirstEntry
from lttng_addon_kit.spec.lttng_names import longer_name, provider_of

_RUNTIME = "lttng_addons"
_UNLESS_LOADED = f'test -e /sys/module/{_RUNTIME} || exec insmod "$1"'
# What insmod says where LTTng has a provider of that name: EEXIST, and since 2.14 EBUSY.
_TAKEN = ("File exists", "Device or resource busy")


@dataclass(frozen=True)
class BuiltModule:
    """An addon with its module (.ko) for one kernel.

    `needs` are the kernel's own modules to load before it, `runtime` is lttng-addons.ko if it needs that;
    `parameters` is what to load it with, `entries` is what its tables get then; `addresses` says which fields of each
    event are addresses, and of which kind (an event that it lacks: not known); `asks_workload`: it wants to know what
    belongs to the workload; `cause` explains the kernel's reports about it.
    """

    addon: Addon
    file: Path
    needs: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[FirstEntry, ...] = ()
    runtime: Path | None = None
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    asks_workload: bool = False
    cause: CrashCause | None = None


def module_supplies(modules: Sequence[BuiltModule]) -> Supplies:
    """The modules' files; where one has a side in user space, the client for it too."""
    runtimes = [module.runtime for module in modules if module.runtime]
    client = client_supplies() if runtimes else {}
    return {**{file.name: file for file in [*runtimes, *(module.file for module in modules)]}, **client}


@contextmanager
def loaded(stage: Stage, modules: Sequence[BuiltModule], folder: str) -> Iterator[None]:
    """Keep the modules loaded while inside; those that can collect do so.

    Args:
        folder: the kit's own on the machine, with what `module_supplies` gave.

    Raises:
        KitError: one does not load; with the kernel's words.
    """
    done: list[BuiltModule] = []
    with afterwards(stage.machine, lambda: _unload(stage, done)):
        for module in modules:
            with stage.progress.step(f"Loading {module.addon.module_name}"):
                _load(stage.machine, module, folder)
            done.append(module)
        for module in modules:
            if module.entries:
                write_entries(stage.machine, folder, module.addon.name, module.entries)
        yield


def _unload(stage: Stage, modules: Sequence[BuiltModule]) -> None:
    if stage.machine.watch.broke or not modules:
        return  # What died in a probe is in its code for ever: without it, the kernel breaks again, without end.
    commands = [_removal(module) for module in reversed(modules)]
    if any(module.runtime for module in modules):
        # Refused, and rightly, while an addon that another process loaded needs it.
        commands.append(Command(("rmmod", _RUNTIME), may_fail=True))
    with stage.progress.detail("Unloading"):
        stage.machine.run_all(commands)


def _removal(module: BuiltModule) -> Command:
    late = Late(
        f"{module.addon.module_name} is not unloaded", "its exit function, or the end of a hook, does not return"
    )
    return Command(("rmmod", module.addon.kernel_module_name), may_fail=True, late=late)


def _load(machine: Machine, module: BuiltModule, folder: str) -> None:
    """Insert by insmod: modprobe needs a new index of all modules first, 12 s of depmod on an emulated machine."""
    parameters = [f"{name}={_quoted(name, value)}" for name, value in module.parameters.items()]
    collect = ["collect=1"] if module.addon.collects else []
    insertions = [_insertion(module.file, "insmod", f"{folder}/{module.file.name}", *parameters, *collect)]
    if module.runtime:
        words = ("sh", "-c", _UNLESS_LOADED, "sh", f"{folder}/{module.runtime.name}")
        insertions.insert(0, _insertion(module.runtime, *words))
    needs = Command(("modprobe", "--all", "lttng-tracer", *module.needs))
    loaded, *inserted = machine.run_all([needs, *insertions], check=False)
    if loaded.status:
        raise failed(f"{shlex.join(needs.argv)} on {machine.name}", loaded)
    if inserted[-1].status:
        _refuse(machine, module, inserted)


def _insertion(file: Path, *argv: str) -> Command:
    late = Late(f"{file.stem} is not loaded", "its init function, or the registration of a hook, does not return")
    return Command(argv, late=late)


def _refuse(machine: Machine, module: BuiltModule, inserted: Sequence[Output]) -> NoReturn:
    """Say why a module, or the one that it needs, does not load."""
    said = inserted[-1].stderr.strip()
    if any(each in said for each in _TAKEN):
        _blame_for_providers(machine, module)
    files = [*filter(None, [module.runtime]), module.file]
    raise KitError(
        f"{files[len(inserted) - 1].stem} does not load on {machine.name} ({machine.kernel_release})",
        details="\n".join([said, *machine.kernel_log().splitlines()[-10:]]),
    )


def _blame_for_providers(machine: Machine, module: BuiltModule) -> None:
    """Name the module that has LTTng's provider of an event: LTTng says only that something exists.

    Raises:
        KitError: there is such a module.
    """
    for event in module.addon.events:
        # LTTng's macros define it for a provider (include/lttng/tracepoint-event-impl.h).
        symbol = f" __probe_desc___{provider_of(event.name)}\t["
        line = machine.run("grep", "--fixed-strings", symbol, "/proc/kallsyms", check=False).stdout.strip()
        if line:
            raise KitError(
                f"{module.addon.module_name} does not load on {machine.name}: LTTng takes events called "
                f"{provider_of(event.name)}_... from one module only, and has those of {line.rpartition('[')[2][:-1]}",
                hint=f"rename event {event.name!r}, as {longer_name(event.name, module.addon.c_name)!r}, "
                "or unload that module",
            )


def _quoted(name: str, value: str) -> str:
    """A parameter's value for the kernel's command line parser (lib/cmdline.c: double quotes, no escapes)."""
    if '"' in value:
        raise KitError(f"parameter {name}: {value!r} has a double quote, which the kernel can't be passed at loading")
    return f'"{value}"' if " " in value else value
