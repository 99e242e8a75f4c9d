# SPDX-License-Identifier: GPL-2.0-only
"""An addon's side in user space: its commands and /proc files, and what NAME_abi.h says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_client.ioctl_number import ioctl_number
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import Assignment, Do, Identifier, Prefix, StringLiteral, call
from lttng_addon_kit.expression.c.printer import lines
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kind import FieldValue
from lttng_addon_kit.expression.lower import Lowered
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.module.probe import Probe
from lttng_addon_kit.sinks.abi_types import AbiStruct, lay_out, named_type
from lttng_addon_kit.sinks.aggregate_sink import AggregateCode
from lttng_addon_kit.sinks.lowering import lower
from lttng_addon_kit.sinks.shared_record import RecordCode
from lttng_addon_kit.sinks.sink import Wanted
from lttng_addon_kit.spec.boundary_tables import LARGEST_ARGUMENT, CommandTable, ProcfsTable
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.positions import KeyPath

_MACROS = {"none": "_IO", "write": "_IOW", "read": "_IOR", "both": "_IOWR"}


@dataclass(frozen=True)
class Served:
    """An expression that is evaluated when a process asks for it, in C, and the statement that gives the value."""

    lowered: Lowered
    give: Do

    def lines(self, depth: int) -> list[str]:
        """All statements, that many tabs deep."""
        return lines([*self.lowered.statements, self.give], depth)


@dataclass(frozen=True)
class CommandPlan:
    """One command: `served` gives its value, or else the function `spec.function` serves it."""

    spec: CommandTable
    constant: str
    type: AbiType | None
    served: Served | None

    @property
    def definition(self) -> str:
        macro = _MACROS[self.spec.direction]
        if self.type is None:
            return f"{macro}(LTTNG_ADDONS_IOCTL, {self.spec.number})"
        suffix = f"[{self.type.length}]" if self.type.length else ""
        return f"{macro}(LTTNG_ADDONS_IOCTL, {self.spec.number}, {self.type.c_type}{suffix})"

    @property
    def request(self) -> int:
        return ioctl_number(self.spec.direction, self.spec.number, self.type.size if self.type else 0)

    @property
    def prototype(self) -> str | None:
        """The C declaration of the user's function that serves it, if one does."""
        if self.spec.function is None:
            return None
        return f"int {self.spec.function}({f'{self.type.c_type} *argument' if self.type else 'void'})"


@dataclass(frozen=True)
class ProcfsPlan:
    """One /proc file of the addon's own; each of the values prints a line."""

    spec: ProcfsTable
    c_name: str
    values: tuple[Served, ...]


@dataclass(frozen=True)
class Boundary:
    """All of it, as the templates print it; `macros` are members' names that the kernel's headers define macros of."""

    hooks: tuple[Probe, ...]
    aggregates: tuple[AggregateCode, ...]
    record: RecordCode | None
    structs: tuple[AbiStruct, ...]
    commands: tuple[CommandPlan, ...]
    procfs: tuple[ProcfsPlan, ...]
    macros: tuple[str, ...]

    @property
    def prototypes(self) -> tuple[str, ...]:
        """C declarations of the user's functions that serve commands and write files."""
        commands = (each.prototype for each in self.commands if each.prototype)
        files = (f"void {each.spec.show}(struct seq_file *file)" for each in self.procfs if each.spec.show)
        return tuple(dict.fromkeys((*commands, *files)))

    @property
    def lowered(self) -> tuple[Lowered, ...]:
        """The expressions of commands and files."""
        commands = (each.served for each in self.commands if each.served)
        files = (value for each in self.procfs for value in each.values)
        return tuple(each.lowered for each in (*commands, *files))


def plan_boundary(source: AddonSource, probes: Sequence[Probe], scope: Scope) -> Boundary:
    """Decide what crosses the boundary, and how.

    Args:
        probes: those of the addon's aggregates and records.
        scope: what commands' and files' expressions may name: no hook's variables.

    Raises:
        KitError: an expression, a type or a name is wrong; with its place in addon.toml.
    """
    tables = _Tables(source, scope, SpecErrors(source.positions))
    structs = tables.structs()
    commands = tuple(tables.command(index, structs) for index in range(len(source.addon.commands)))
    procfs = tuple(tables.procfs(index) for index in range(len(source.addon.procfs)))
    sinks = [each for probe in probes for each in probe.sinks]
    aggregates = [each for each in sinks if isinstance(each, AggregateCode)]
    record = next((each for each in sinks if isinstance(each, RecordCode)), None)
    in_c = (*structs.values(), *([record.struct] if record else []))
    members = dict.fromkeys(member.name for struct in in_c for member in struct.members)
    return Boundary(
        hooks=tuple(probes),
        aggregates=tuple(sorted(aggregates, key=lambda each: each.index)),
        record=record,
        structs=tuple(structs.values()),
        commands=commands,
        procfs=procfs,
        macros=tuple(name for name in members if scope.kernel.is_macro(name)),
    )


@dataclass(frozen=True)
class _Tables:
    """The tables of addon.toml that are about user space alone."""

    source: AddonSource
    scope: Scope
    errors: SpecErrors

    def structs(self) -> dict[str, AbiStruct]:
        structs: dict[str, AbiStruct] = {}
        for index, each in enumerate(self.source.addon.structs):
            members = []
            for name, type_ in each.members.items():
                with self.errors.at(("struct", index, "members", name)):
                    members.append((name, named_type(type_, structs)))
            structs[each.name] = lay_out(each.name, f"{self.source.addon.c_name}_{each.name}", members)
        return structs

    def command(self, index: int, structs: Mapping[str, AbiStruct]) -> CommandPlan:
        spec = self.source.addon.commands[index]
        type_ = None
        if spec.argument is not None:
            with self.errors.at(("command", index, "argument")):
                type_ = named_type(spec.argument, structs)
                if type_.size > LARGEST_ARGUMENT:
                    raise KitError(f"an argument of {type_.size} bytes; a command takes at most {LARGEST_ARGUMENT}")
        served = None
        if spec.value is not None:
            served = self._command_value(spec.value, ("command", index, "value"))
        return CommandPlan(spec, f"{self.source.addon.c_name}_{spec.name}".upper(), type_, served)

    def procfs(self, index: int) -> ProcfsPlan:
        spec = self.source.addon.procfs[index]
        values = [self._shown(label, text, ("procfs", index, "values", label)) for label, text in spec.values.items()]
        return ProcfsPlan(spec, spec.name.replace("-", "_"), tuple(values))

    def _command_value(self, text: str, place: KeyPath) -> Served:
        lowered, field = self._lower(text, place)
        with self.errors.at(place):
            if not field.kind.is_number:
                raise KitError("a command's value is a number, and this is none")
        return Served(lowered, Do(Assignment(Prefix("*", Identifier("value")), field.value)))

    def _shown(self, label: str, text: str, place: KeyPath) -> Served:
        lowered, field = self._lower(text, place)
        with self.errors.at(place):
            format_, argument = field.kind.printf(field.value)
        line = StringLiteral(f"{label}: {format_}\n".encode())
        return Served(lowered, Do(call("seq_printf", Identifier("file"), line, argument)))

    def _lower(self, text: str, place: KeyPath) -> tuple[Lowered, FieldValue]:
        lowered = lower(None, [Wanted("value", text, place)], self.scope, self.errors)
        return lowered, lowered.values[0]
