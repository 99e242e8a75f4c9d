# SPDX-License-Identifier: GPL-2.0-only
"""What loaded modules say of themselves, all of them in one go (/sys/module/*/parameters, and what they collected)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.machine.batch import Command
from lttng_addon_kit.machine.machine import Machine
from lttng_addon_kit.machine.process import Output, failed
from lttng_addon_kit.session.collected import Snapshot, client_command, read_snapshot
from lttng_addon_kit.session.loading import BuiltModule
from lttng_addon_kit.session.recording import RecordedSpan


@dataclass(frozen=True)
class EventHits:
    """Hits of an event's hook: `seen`, `passed` by the filter, `missed` (LTTNG_ADDON_HITS_PARAMETER())."""

    seen: int
    passed: int
    missed: int


@dataclass(frozen=True)
class ModuleNumbers:
    """A module's numbers at one moment.

    Attributes:
        hits: of each event.
        spans: what became of each span's openings.
        parameters: their values.
        faults: how many reads of memory failed.
        collected: of an addon that collects.
    """

    hits: Mapping[str, EventHits]
    spans: Mapping[str, RecordedSpan]
    parameters: Mapping[str, str]
    faults: int
    collected: Snapshot | None


def read_numbers(machine: Machine, modules: Sequence[BuiltModule], folder: str) -> list[ModuleNumbers]:
    """Read the numbers of each module.

    Args:
        folder: the kit's own on the machine, with the client where a module collects.

    Raises:
        KitError: they can't be read.
    """
    # A module whose reads can't fail has no parameter `faults`. And a client that fails is no reason to ask no other.
    commands = [Command(_words(module), may_fail=True) for module in modules]
    collecting = [module.addon.name for module in modules if module.addon.collects]
    commands += [Command(client_command(folder, name), may_fail=True) for name in collecting]
    outputs = machine.run_all(commands)
    snapshots = {
        name: read_snapshot(output, machine, name)
        for name, output in zip(collecting, outputs[len(modules) :], strict=True)
    }
    return [
        _numbers(module, output, snapshots.get(module.addon.name))
        for module, output in zip(modules, outputs, strict=False)
    ]


def _words(module: BuiltModule) -> tuple[str, ...]:
    addon = module.addon
    names = [
        *(f"hits_{event.name}" for event in addon.events),
        *(f"span_{span.name}" for span in addon.spans),
        *addon.parameters,
        "faults",
    ]
    return ("cat", *(f"/sys/module/{addon.kernel_module_name}/parameters/{name}" for name in names))


def _numbers(module: BuiltModule, output: Output, collected: Snapshot | None) -> ModuleNumbers:
    addon = module.addon
    # Not splitlines(): a text may have any other character that ends a line.
    lines = output.stdout.split("\n")[:-1]
    wanted = len(addon.events) + len(addon.spans) + len(addon.parameters)
    if not wanted <= len(lines) <= wanted + 1:
        raise failed(f"reading the parameters of {addon.module_name}", output)
    values = iter(lines)
    return ModuleNumbers(
        hits={event.name: EventHits(*map(int, next(values).split(","))) for event in addon.events},
        spans={span.name: _span(next(values)) for span in addon.spans},
        parameters={name: next(values) for name in addon.parameters},
        faults=int(next(values, 0)),
        collected=collected,
    )


def _span(line: str) -> RecordedSpan:
    """What the module parameter span_NAME says (counts_get() in runtime/span.c)."""
    return RecordedSpan(**dict(zip(RecordedSpan.model_fields, map(int, line.split(",")), strict=True)))
