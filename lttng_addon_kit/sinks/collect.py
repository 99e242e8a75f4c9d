"""Aggregates and records: where their values come from on one kernel, and the C that collects them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.lower import EventField, Lowered, Value, lower_event
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kinds import (
    AddressField,
    ArrayField,
    BooleanField,
    EnumField,
    FieldKind,
    IntegerField,
    PointerField,
    TextField,
    field_kind,
)
from lttng_addon_kit.expression.fields.field_kinds import FieldOptions as _Options
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.annotate import read, read_filter
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.hooks.hook import Hook, find_hook
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.module.abi_types import AbiStruct, field_type, lay_out
from lttng_addon_kit.module.places import Places
from lttng_addon_kit.spec.addon import Addon, Event
from lttng_addon_kit.spec.boundary import Aggregate, Source
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.positions import KeyPath

# LTTNG_ADDONS_LOG2: one bucket below, one for 0, one for each length of a number in bits.
_LOG2_BUCKETS = 66
_LONGEST_KEY = 256
_KINDS = {"count": "COUNT", "sum": "SUM", "min": "MIN", "max": "MAX", "mean": "MEAN"}

ScopeOf = Callable[[Hook, bool], Scope]


@dataclass(frozen=True)
class Key:
    """What an aggregate is counted by: how the C of the boundary calls the kind, its type, its bytes."""

    c_kind: str
    type: AbiType
    size: int


@dataclass(frozen=True)
class AggregatePlan:
    """One aggregate on one kernel; `value_type` is None for a count. `hook` is the index of its hook."""

    spec: Aggregate
    index: int
    hook: int
    value_type: AbiType | None
    key: Key | None

    @property
    def c_kind(self) -> str:
        if self.spec.kind == "histogram":
            return "LTTNG_ADDONS_LINEAR" if self.spec.linear else "LTTNG_ADDONS_LOG2"
        return f"LTTNG_ADDONS_{_KINDS[self.spec.kind]}"

    @property
    def is_signed(self) -> bool:
        return self.value_type is not None and self.value_type.name.startswith("s")

    @property
    def cells(self) -> int:
        return self.spec.keys if self.key else 1

    @property
    def labels(self) -> Mapping[int, str]:
        """The names of an enum's values as keys."""
        return self.key.type.labels if self.key else {}

    @property
    def buckets(self) -> int:
        if self.spec.kind != "histogram":
            return 0
        return self.spec.linear.inner + 2 if self.spec.linear else _LOG2_BUCKETS

    @property
    def about(self) -> str:
        words = self.spec.kind if self.spec.value is None else f"{self.spec.kind} of {self.spec.value}"
        return words + (f" by {self.spec.by}" if self.spec.by else "")


@dataclass(frozen=True)
class Part:
    """What is collected before a hook's filter, or after it: expressions in C, and the lines that use them."""

    lowered: Lowered
    lines: tuple[str, ...]
    used: frozenset[str]
    called: frozenset[str]
    needs_record: bool = False


@dataclass(frozen=True)
class Collection:
    """One hook from which an addon collects."""

    index: int
    name: str
    hook: Hook
    spec: Event
    seen: Part | None
    passed: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.seen, self.passed) if self.seen else (self.passed,)

    @property
    def used(self) -> frozenset[str]:
        return frozenset().union(*(part.used for part in self.parts))


@dataclass(frozen=True)
class Collected:
    """All that an addon collects."""

    collections: tuple[Collection, ...]
    aggregates: tuple[AggregatePlan, ...]
    record: AbiStruct | None
    record_hook: int


@dataclass(frozen=True)
class _Found:
    """A hook with the parts of addon.toml that it feeds, each by its index."""

    name: str
    spec: Event
    hook: Hook
    scope: Scope
    place: Places
    aggregates: tuple[int, ...]
    share: bool


def plan_collections(source: AddonSource, kernel: Kernel, scope_of: ScopeOf) -> Collected:
    """Find the hooks that aggregates and records come from, and turn their expressions into C.

    Raises:
        KitError: a hook or an expression is wrong for this kernel; with its place in addon.toml.
    """
    addon = source.addon
    founds = _find(source, kernel, scope_of)
    aggregates: dict[int, AggregatePlan] = {}
    collections = []
    record, record_hook = None, 0
    for index, found in enumerate(founds):
        chosen = {number: addon.aggregates[number] for number in found.aggregates}
        seen = {number: each for number, each in chosen.items() if each.at == "seen"}
        passed = {number: each for number, each in chosen.items() if each.at == "passed"}
        writer = _Writer(source, found, index)
        seen_part = writer.part(seen, None, with_record=False) if seen else None
        passed_part = writer.part(passed, found.spec.filter, with_record=found.share)
        aggregates |= writer.aggregates
        if writer.record:
            record, record_hook = writer.record, index
        collections.append(Collection(index, found.name, found.hook, found.spec, seen_part, passed_part))
    return Collected(
        tuple(collections), tuple(aggregates[number] for number in sorted(aggregates)), record, record_hook
    )


def _find(source: AddonSource, kernel: Kernel, scope_of: ScopeOf) -> list[_Found]:
    """One hook for all that names the same event, or the same hook and filter."""
    addon = source.addon
    wanted: list[tuple[Source, KeyPath, int | None]] = [
        *((each, ("aggregate", number), number) for number, each in enumerate(addon.aggregates)),
        *([(addon.share, ("share",), None)] if addon.share else []),
    ]
    founds: dict[tuple[object, ...], _Found] = {}
    for each, path, number in wanted:
        event, place = _event_of(each, path, source, kernel)
        key = (event.name, event.hook, event.filter, event.reads)
        if key not in founds:
            with place.of("hook"):
                if event.hook_kind == "call":
                    raise KitError("aggregates and records come from the kernel's hooks, not from 'call:'")
                hook = find_hook(event, kernel)
            name = _free(event.name, {found.name for found in founds.values()})
            founds[key] = _Found(name, event, hook, scope_of(hook, event.reads == "nofault"), place, (), share=False)
        found = founds[key]
        if number is None:
            founds[key] = replace(found, share=True)
        else:
            founds[key] = replace(found, aggregates=(*found.aggregates, number))
    return list(founds.values())


def _event_of(each: Source, path: KeyPath, source: AddonSource, kernel: Kernel) -> tuple[Event, Places]:
    events = source.addon.events
    if each.hook is not None:
        name = each.hook.partition(":")[2].replace(".", "_")
        event = Event.model_construct(name=name, hook=each.hook, filter=each.filter, reads=each.reads or "direct")
        return event, Places(source, path, ())
    names = [event.name for event in events]
    if each.event is None and len(events) != 1:
        raise KitError(
            "which event's hook? there are several" if events else "where do the values come from?",
            location=source.positions.value(path),
            hint='event = "NAME" of an [[event]], or a hook = "tracepoint:NAME" of its own',
        )
    if each.event is not None and each.event not in names:
        raise KitError(f"no [[event]] is named {each.event!r}", location=source.positions.value((*path, "event")))
    index = names.index(each.event) if each.event is not None else 0
    return events[index].on(kernel.version), Places.of_event(source, index, kernel)


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    return free


class _Writer:
    """The C of one hook: each value expression becomes a field of what `lower_event` lowers, used in our lines."""

    def __init__(self, source: AddonSource, found: _Found, index: int) -> None:
        self._source = source
        self._addon: Addon = source.addon
        self._found = found
        self._index = index
        self.aggregates: dict[int, AggregatePlan] = {}
        self.record: AbiStruct | None = None

    def part(self, aggregates: dict[int, Aggregate], filter_: str | None, with_record: bool) -> Part:
        scope = self._found.scope
        nodes: list[typed.Node] = []
        read_in = None
        if filter_ is not None:
            with self._found.place.of("filter"):
                read_in = read_filter(filter_, scope)
                nodes.append(read_in)
        fields: list[EventField] = []
        # Two aggregates of the same value or key share it.
        names: dict[str, str] = {}
        for number, each in aggregates.items():
            for key, text in (("value", each.value), ("by", each.by)):
                if text is not None and text not in names:
                    names[text] = self._name(each, key)
                    fields.append(self._field(names[text], text, ("aggregate", number, key)))
        if with_record and self._addon.share:
            for name, text in self._addon.share.fields.items():
                fields.append(self._field(f"record_{name}", text, ("share", "fields", name)))
        nodes += [each.value for each in fields]
        with self._found.place.of("filter"):
            lowered = lower_event(read_in, fields, scope)
        values = {value.name: value for value in lowered.values}
        lines: list[str] = []
        local: list[str] = []
        filled: set[str] = set()
        for number, each in aggregates.items():
            lines += self._add(number, each, values, names, local, filled)
        if with_record:
            lines += self._record(values)
        return Part(
            replace(lowered, locals=(*lowered.locals, *local)),
            tuple(lines),
            frozenset(n.c_name for node in nodes for n in typed.walk(node) if isinstance(n, typed.Variable)),
            frozenset(n.function for node in nodes for n in typed.walk(node) if isinstance(n, typed.FunctionResult)),
            with_record,
        )

    @staticmethod
    def _name(each: Aggregate, key: str) -> str:
        return f"{each.name}_key" if key == "by" else f"{each.name}_value"

    def _field(self, name: str, text: str, path: KeyPath) -> EventField:
        with Places(self._source, path, ()).of():
            field = EventField(name, read(text, self._found.scope))
            field_kind(field.value, _Options(), self._found.scope)
            return field

    def _add(
        self,
        number: int,
        each: Aggregate,
        values: dict[str, Value],
        names: dict[str, str],
        local: list[str],
        filled: set[str],
    ) -> list[str]:
        addon = self._addon.c_name
        path: KeyPath = ("aggregate", number)
        value_type = None
        value = "0"
        if each.value is not None:
            with Places(self._source, (*path, "value"), ()).of():
                value_type = _number_type(values[names[each.value]].kind)
            value = values[names[each.value]].arguments[0].text
        key, key_text, lines = None, "NULL", list[str]()
        if each.by is not None:
            name = names[each.by]
            with Places(self._source, (*path, "by"), ()).of():
                key = _key(values[name].kind)
            key_text, declaration, filling = _key_in_c(name, key, values[name])
            if name not in filled:
                filled.add(name)
                local += declaration
                lines += filling
        self.aggregates[number] = AggregatePlan(each, number, self._index, value_type, key)
        constant = f"{addon}_{each.name}".upper()
        lines.append(f"lttng_addons_add(&{addon}_addon, cpu, {constant}, {value}, {key_text});")
        return lines

    def _record(self, values: dict[str, Value]) -> list[str]:
        assert self._addon.share is not None
        addon = self._addon.c_name
        members = []
        lines = [f"record = lttng_addons_record(&{addon}_addon, cpu);"]
        for name in self._addon.share.fields:
            value = values[f"record_{name}"]
            with Places(self._source, ("share", "fields", name), ()).of():
                members.append((name, field_type(value.kind)))
            lines.append(_into_record(name, value))
        lines.append(f"lttng_addons_commit(&{addon}_addon, cpu, {self._index});")
        self.record = lay_out("record", f"{addon}_record", members)
        return lines


def _number_type(kind: FieldKind) -> AbiType:
    if isinstance(kind, BooleanField) or (isinstance(kind, IntegerField | EnumField) and not _is_network(kind)):
        return field_type(kind)
    if isinstance(kind, IntegerField):
        raise KitError("a number in network order can't be added up", hint="ntohs() or ntohl() around it")
    raise KitError("an aggregate is of numbers, and this is none")


def _key(kind: FieldKind) -> Key:
    match kind:
        case IntegerField() if _is_network(kind):
            raise KitError("a number in network order as a key", hint="ntohs() or ntohl() around it")
        case IntegerField() | EnumField():
            own = field_type(kind)
            plain = "s64" if kind.signed else "u64"
            return Key(
                "SIGNED" if kind.signed else "UNSIGNED", AbiType(plain, f"__{plain}", 8, 8, labels=own.labels), 8
            )
        case BooleanField():
            return Key("UNSIGNED", AbiType("u64", "__u64", 8, 8), 8)
        case PointerField():
            return Key("POINTER", field_type(kind), 8)
        case TextField() if kind.limit <= _LONGEST_KEY:
            return Key("TEXT", field_type(kind), kind.limit)
        case TextField():
            raise KitError(f"a text of {kind.limit} bytes is too long for a key", hint=f"text(..., {_LONGEST_KEY})")
        case AddressField():
            return Key(kind.rendering.upper(), field_type(kind), field_type(kind).size)
        case _:
            raise KitError("a key is a number, an enum, a pointer, a text or an address; this is none")


def _is_network(kind: IntegerField | EnumField) -> bool:
    return isinstance(kind, IntegerField) and kind.network and kind.size > 1


def _key_in_c(name: str, key: Key, value: Value) -> tuple[str, list[str], list[str]]:
    """What to pass as the key: an expression, the local it needs, and the lines that fill that."""
    text = value.arguments[0].text
    if key.c_kind == "TEXT":
        return name, [f"char {name}[{key.size}]"], [f"lttng_addons_text({name}, {text}, sizeof({name}));"]
    if key.c_kind in ("IP6", "MAC"):
        return text, [], []
    if key.c_kind == "IP4":
        return f"&{name}", [f"__be32 {name}"], [f"{name} = {text};"]
    cast = "(unsigned long)" if key.c_kind == "POINTER" else ""
    return f"&{name}", [f"{'s64' if key.c_kind == 'SIGNED' else 'u64'} {name}"], [f"{name} = {cast}{text};"]


def _into_record(name: str, value: Value) -> str:
    text = value.arguments[0].text
    match value.kind:
        case TextField():
            return f"lttng_addons_text(record->{name}, {text}, sizeof(record->{name}));"
        case AddressField(rendering="ip4"):
            return f"record->{name} = {text};"
        case ArrayField() | AddressField():
            return f"memcpy(record->{name}, {text}, sizeof(record->{name}));"
        case PointerField():
            return f"record->{name} = (unsigned long){text};"
        case _:
            return f"record->{name} = {text};"
