# SPDX-License-Identifier: GPL-2.0-only
"""Load modules on a machine for a while, and take everything back out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lttng_addon_kit.build.crash_cause import CrashCause
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import TimeUp
from lttng_addon_kit.session.collected import client_folder, put_client, write_entries
from lttng_addon_kit.session.stage import Stage, afterwards
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.first_entries import FirstEntry
from lttng_addon_kit.spec.lttng_names import longer_name, provider_of

_RUNTIME = "lttng_addons"
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


@contextmanager
def loaded(stage: Stage, modules: Sequence[BuiltModule], folder: str) -> Iterator[None]:
    """Keep the modules loaded while inside; those that can collect do so.

    Where a module has a side in user space, the client for it is on the machine too.

    Args:
        folder: the kit's own on the machine (see `root_folder`).

    Raises:
        KitError: one does not load; with the kernel's words.
    """
    machine = stage.machine
    done: list[BuiltModule] = []
    with afterwards(machine, lambda: _unload(stage, done, folder)):
        for module in modules:
            with stage.progress.step(f"Loading {module.addon.module_name}"):
                _load(machine, module, folder)
            done.append(module)
        if any(module.runtime for module in done):
            put_client(machine, folder)
        for module in modules:
            if module.entries:
                write_entries(machine, folder, module.addon.name, module.entries)
        yield


def _unload(stage: Stage, modules: Sequence[BuiltModule], folder: str) -> None:
    machine = stage.machine
    if machine.watch.broke:
        return  # What died in a probe is in its code for ever: without it, the kernel breaks again, without end.
    for module in reversed(modules):
        with _explained(f"{module.addon.module_name} is not unloaded", "its exit function, or the end of a hook,"):
            machine.run("rmmod", module.addon.kernel_module_name, check=False)
    if any(module.runtime for module in modules):
        machine.run("rm", "-r", client_folder(folder), check=False)
        # Refused, and rightly, while an addon that another process loaded needs it.
        machine.run("rmmod", _RUNTIME, check=False)


@contextmanager
def _explained(what: str, culprit: str) -> Iterator[None]:
    """Say of a command that takes too long what that means."""
    try:
        yield
    except TimeUp as error:
        raise TimeUp(f"{what}: {error.message}", hint=f"{culprit} does not return", details=error.details) from None


def _load(machine: Machine, module: BuiltModule, folder: str) -> None:
    machine.run("modprobe", "--all", "lttng-tracer", *module.needs)
    if module.runtime and machine.run("test", "-e", f"/sys/module/{_RUNTIME}", check=False).status:
        _insert(machine, module.runtime, (), folder)
    parameters = [f"{name}={_quoted(name, value)}" for name, value in module.parameters.items()]
    collect = ["collect=1"] if module.addon.collects else []
    try:
        _insert(machine, module.file, [*parameters, *collect], folder)
    except KitError as error:
        if any(each in error.details for each in _TAKEN):
            _blame_for_providers(machine, module)
        raise


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


def _insert(machine: Machine, file: Path, parameters: Sequence[str], folder: str) -> None:
    """Insert by insmod: modprobe needs a new index of all modules first, 12 s of depmod on an emulated machine."""
    remote = f"{folder}/{file.name}"
    machine.put(file, remote)
    with _explained(f"{file.stem} is not loaded", "its init function, or the registration of a hook,"):
        output = machine.run("insmod", remote, *parameters, check=False)
    machine.run("rm", remote)
    if output.status:
        raise KitError(
            f"{file.stem} does not load on {machine.name} ({machine.kernel_release})",
            details="\n".join([output.stderr.strip(), *machine.kernel_log().splitlines()[-10:]]),
        )


def _quoted(name: str, value: str) -> str:
    """A parameter's value for the kernel's command line parser (lib/cmdline.c: double quotes, no escapes)."""
    if '"' in value:
        raise KitError(f"parameter {name}: {value!r} has a double quote, which the kernel can't be passed at loading")
    return f'"{value}"' if " " in value else value
