"""An addon's side in user space: its commands and /proc files, and what NAME_abi.h and the description say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.lower import EventField, Lowered, Value, lower_event
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kinds import (
    BooleanField,
    EnumField,
    FieldOptions,
    IntegerField,
    PointerField,
    TextField,
    field_kind,
)
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.annotate import read
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.module.abi_types import AbiMember, AbiStruct, lay_out, named_type
from lttng_addon_kit.module.places import Places
from lttng_addon_kit.sinks.collect import AggregatePlan, Collected
from lttng_addon_kit.spec.boundary import Command, Procfs
from lttng_addon_kit.spec.load import AddonSource

# _IOC (include/uapi/asm-generic/ioctl.h), with the magic of lttng-addons-abi.h.
_MAGIC = 0xE8
_DIRECTIONS = {"none": 0, "write": 1, "read": 2, "both": 3}
_MACROS = {"none": "_IO", "write": "_IOW", "read": "_IOR", "both": "_IOWR"}
_LARGEST_ARGUMENT = 4096


@dataclass(frozen=True)
class Served:
    """An expression that is read when somebody asks, in a process: its C, and the functions it calls."""

    lowered: Lowered
    called: frozenset[str]

    @property
    def value(self) -> Value:
        return self.lowered.values[0]


@dataclass(frozen=True)
class CommandPlan:
    """One command: `served` gives its value, or else the function `spec.function` serves it."""

    spec: Command
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
        size = self.type.size if self.type else 0
        return _DIRECTIONS[self.spec.direction] << 30 | size << 16 | _MAGIC << 8 | self.spec.number

    @property
    def prototype(self) -> str | None:
        """Of the user's own function."""
        if self.spec.function is None:
            return None
        return f"int {self.spec.function}({f'{self.type.c_type} *argument' if self.type else 'void'})"


@dataclass(frozen=True)
class ShownValue:
    """A line of a /proc file: its label, a printf format for the value, and what the format gets."""

    label: str
    served: Served
    format: str
    arguments: str


@dataclass(frozen=True)
class ProcfsPlan:
    """One /proc file of the addon's own."""

    spec: Procfs
    c_name: str
    values: tuple[ShownValue, ...]


@dataclass(frozen=True)
class InterfacePlan:
    """All of it, as the templates print it."""

    collected: Collected
    structs: tuple[AbiStruct, ...]
    commands: tuple[CommandPlan, ...]
    procfs: tuple[ProcfsPlan, ...]
    description: str
    prototypes: tuple[str, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.description.encode()).hexdigest()[:16]

    @property
    def description_size(self) -> int:
        return len(self.description.encode())

    @property
    def description_lines(self) -> list[str]:
        """Pieces of the description, each short enough for a line of C."""
        return [self.description[at : at + 60] for at in range(0, len(self.description), 60)]

    @property
    def all_served(self) -> tuple[Served, ...]:
        commands = (each.served for each in self.commands if each.served)
        return (*commands, *(value.served for each in self.procfs for value in each.values))


def plan_interface(source: AddonSource, collected: Collected, scope: Scope) -> InterfacePlan:
    """Decide what crosses the boundary, and how.

    Args:
        scope: what commands' and files' expressions may speak of: no hook's variables.

    Raises:
        KitError: an expression, a type or a name is wrong; with its place in addon.toml.
    """
    structs = _structs(source)
    commands = tuple(_command(source, index, structs, scope) for index in range(len(source.addon.commands)))
    procfs = tuple(_procfs(source, index, scope) for index in range(len(source.addon.procfs)))
    return InterfacePlan(
        collected=collected,
        structs=tuple(structs.values()),
        commands=commands,
        procfs=procfs,
        description=json.dumps(_description(source, collected, structs.values(), commands), separators=(",", ":")),
        prototypes=tuple(
            dict.fromkeys(
                [
                    *(each.prototype for each in commands if each.prototype),
                    *(f"void {each.show}(struct seq_file *file)" for each in source.addon.procfs if each.show),
                ]
            )
        ),
    )


def _structs(source: AddonSource) -> dict[str, AbiStruct]:
    structs: dict[str, AbiStruct] = {}
    for index, each in enumerate(source.addon.structs):
        members = []
        for name, type_ in each.members.items():
            with Places(source, ("struct", index, "members", name), ()).of():
                members.append((name, named_type(type_, structs)))
        structs[each.name] = lay_out(each.name, f"{source.addon.c_name}_{each.name}", members)
    return structs


def _command(source: AddonSource, index: int, structs: Mapping[str, AbiStruct], scope: Scope) -> CommandPlan:
    spec = source.addon.commands[index]
    type_ = None
    place = Places(source, ("command", index), ())
    if spec.argument is not None:
        with place.of("argument"):
            type_ = named_type(spec.argument, structs)
            if type_.size > _LARGEST_ARGUMENT:
                raise KitError(f"an argument of {type_.size} bytes; a command takes at most {_LARGEST_ARGUMENT}")
    served = None
    if spec.value is not None:
        with place.of("value"):
            served = _served(spec.value, scope)
            if not isinstance(served.value.kind, IntegerField | BooleanField | EnumField):
                raise KitError("a command's value is a number, and this is none")
    return CommandPlan(spec, f"{source.addon.c_name}_{spec.name}".upper(), type_, served)


def _procfs(source: AddonSource, index: int, scope: Scope) -> ProcfsPlan:
    spec = source.addon.procfs[index]
    values = []
    for label, text in spec.values.items():
        with Places(source, ("procfs", index, "values", label), ()).of():
            served = _served(text, scope)
            values.append(ShownValue(label, served, *_shown(served.value)))
    return ProcfsPlan(spec, spec.name.replace("-", "_"), tuple(values))


def _served(text: str, scope: Scope) -> Served:
    node = read(text, scope)
    field_kind(node, FieldOptions(), scope)
    called = frozenset(each.function for each in typed.walk(node) if isinstance(each, typed.FunctionResult))
    return Served(lower_event(None, [EventField("value", node)], scope), called)


def _shown(value: Value) -> tuple[str, str]:
    """A printf format and what it gets."""
    text = value.arguments[0].text
    match value.kind:
        case IntegerField() | EnumField():
            return ("%lld", f"(s64)({text})") if value.kind.signed else ("%llu", f"(u64)({text})")
        case BooleanField():
            return "%d", text
        case PointerField():
            return "%px", text
        case TextField():
            return f"%.{value.kind.limit}s", text
        case _:
            raise KitError("a line of a /proc file is a number, a pointer or a text; write a 'show' function for more")


def _description(
    source: AddonSource, collected: Collected, structs: Iterable[AbiStruct], commands: Iterable[CommandPlan]
) -> dict[str, Any]:
    """What docs/interfaces.md calls the description."""
    addon = source.addon
    record = collected.record
    return {
        "name": addon.name,
        "module": addon.kernel_module_name,
        "parameters": [{"name": name, "kind": each.kind} for name, each in addon.parameters.items()],
        "hooks": [
            {"name": each.name, "hook": each.spec.hook, "filter": each.spec.filter} for each in collected.collections
        ],
        "aggregates": [_aggregate(each) for each in collected.aggregates],
        "record": record
        and {
            "hook": collected.record_hook,
            "size": record.size,
            "fields": [_member(each) for each in record.members],
        },
        "commands": [
            {
                "name": each.spec.name,
                "number": each.spec.number,
                "direction": each.spec.direction,
                "request": each.request,
                "type": each.spec.argument,
            }
            for each in commands
        ],
        "structs": [
            {"name": each.name, "size": each.size, "members": [_member(member) for member in each.members]}
            for each in structs
        ],
    }


def _aggregate(plan: AggregatePlan) -> dict[str, Any]:
    spec = plan.spec
    scale: dict[str, Any] | None = None
    if spec.kind == "histogram":
        scale = {"kind": "log2"}
        if spec.linear:
            scale = {"kind": "linear", "from": spec.linear.start, "to": spec.linear.to, "step": spec.linear.step}
    described: dict[str, Any] = {
        "name": spec.name,
        "kind": spec.kind,
        "value": spec.value,
        "by": spec.by,
        "hook": plan.hook,
        "after_filter": spec.at == "passed",
        "type": plan.value_type.name if plan.value_type else None,
        "key": plan.key.type.name if plan.key else None,
        "scale": scale,
    }
    if plan.key and plan.key.type.labels:
        described["labels"] = {str(value): label for value, label in plan.key.type.labels.items()}
    return described


def _member(member: AbiMember) -> dict[str, Any]:
    described: dict[str, Any] = {"name": member.name, "type": member.type.name, "offset": member.offset}
    if member.type.labels:
        described["labels"] = {str(value): label for value, label in member.type.labels.items()}
    return described
