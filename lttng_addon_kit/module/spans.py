# SPDX-License-Identifier: GPL-2.0-only
"""The spans of an addon on one kernel: where they begin and end, and the hook that each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import NULL, ZERO, C, Identifier, Prefix, call
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kind import FieldOptions
from lttng_addon_kit.expression.fields.field_table import field_kind
from lttng_addon_kit.expression.read import read
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing import c_types
from lttng_addon_kit.expression.typing.clock_times import MONOTONIC, clock_of
from lttng_addon_kit.expression.typing.declarations import Declarations, is_declarable
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.hooks.arguments import free_name
from lttng_addon_kit.hooks.hook import Hook, ProbeVariable
from lttng_addon_kit.hooks.hook_kinds import find_hook
from lttng_addon_kit.kernel.types import (
    Argument,
    Array,
    Enum,
    Forward,
    Integer,
    Pointer,
    Qualified,
    Struct,
    Typedef,
    strip,
)
from lttng_addon_kit.module.scopes import Scopes
from lttng_addon_kit.sinks.lttng_event import declare_trace
from lttng_addon_kit.sinks.span_edge import EdgeRole, KeptValue, SpanEdgeSink, SpanShape
from lttng_addon_kit.spec.load import AddonSource
from lttng_addon_kit.spec.positions import KeyPath
from lttng_addon_kit.spec.span_table import EdgeTable, SpanTable

_U64 = Typedef("u64", Integer("unsigned long long", 8, signed=False))
_ROLES: tuple[EdgeRole, ...] = ("begin", "end", "drop")


@dataclass(frozen=True)
class SpanEdge:
    """One place where a span begins, ends or is dropped; `number` counts those of one role, from 0."""

    role: EdgeRole
    number: int
    table: EdgeTable
    path: KeyPath
    hook: Hook


@dataclass(frozen=True)
class SpanPlan:
    """A span as the templates print it.

    Attributes:
        hook: what others hang on it by.
        passed: the arguments of the end that its tracepoint passes on.
        declare_trace, trace_arguments: the macro that declares its tracepoint, and what that gets behind the name.
    """

    spec: SpanTable
    shape: SpanShape
    edges: tuple[SpanEdge, ...]
    hook: Hook
    passed: tuple[Argument, ...]
    declare_trace: str
    trace_arguments: tuple[C, C]

    @property
    def expired_arguments(self) -> tuple[C, ...]:
        """What the tracepoint gets when no end came: 0 for each argument of one."""
        zeros = (NULL if isinstance(strip(each.type), Pointer) else ZERO for each in self.passed)
        return (*zeros, Prefix("&", Identifier("ended")))

    @property
    def sinks(self) -> Iterator[tuple[SpanEdge, SpanEdgeSink]]:
        """A sink for each edge."""
        for edge in self.edges:
            told: tuple[C, ...] = ()
            used: frozenset[str] = frozenset()
            if edge.role == "end":
                given = [_variable(each.name, edge.hook) for each in self.passed]
                told, used = tuple(Identifier(each.c_name) for each in given), frozenset(each.c_name for each in given)
            yield (
                edge,
                SpanEdgeSink(self.shape, edge.role, edge.table.key, edge.path, edge.number, told, used),
            )


def plan_spans(source: AddonSource, scopes: Scopes, declarations: Declarations) -> tuple[SpanPlan, ...]:
    """Plan an addon's spans, each of which may be made of those above it.

    Raises:
        KitError: a hook, a key or what is kept is wrong for this kernel; with its place in addon.toml.
    """
    planner = _Planner(source, scopes, declarations, SpecErrors(source.positions))
    plans: list[SpanPlan] = []
    for index in range(len(source.addon.spans)):
        plans.append(planner.plan(index, {each.hook.text: each.hook for each in plans}))
    return tuple(plans)


@dataclass(frozen=True)
class _Planner:
    source: AddonSource
    scopes: Scopes
    declarations: Declarations
    errors: SpecErrors

    def plan(self, index: int, above: Mapping[str, Hook]) -> SpanPlan:
        spec = self.source.addon.spans[index]
        c_name = f"addon_{spec.name}"
        edges = tuple(self._edges(spec, ("span", index), above))
        first = next(each for each in edges if each.role == "begin")
        scope = self._scope(first)
        shape = SpanShape(
            spec.name,
            c_name,
            tuple(self._key(first, scope)),
            tuple(self._kept(spec, ("span", index), scope)),
            tracepoint=f"lttng_addon_{self.source.addon.c_name}_{spec.name}",
        )
        self._check_lengths(shape, edges)
        ends = [each for each in edges if each.role == "end"]
        passed = tuple(_common_arguments([each.hook for each in ends]))
        hook = _hook(spec, shape, ends, passed)
        macro = declare_trace(self.scopes.kernel.version)
        return SpanPlan(spec, shape, edges, hook, passed, macro, self._trace_arguments(hook))

    def _trace_arguments(self, hook: Hook) -> tuple[C, C]:
        declared = (Identifier(self.declarations.declare(each.type, each.name)) for each in hook.arguments)
        return call("TP_PROTO", *declared), call("TP_ARGS", *(Identifier(each.name) for each in hook.arguments))

    def _edges(self, spec: SpanTable, path: KeyPath, above: Mapping[str, Hook]) -> Iterator[SpanEdge]:
        for role in _ROLES:
            for number, table in enumerate(getattr(spec, role)):
                place = (*path, role, number)
                with self.errors.at((*place, "hook")):
                    hook = find_hook(table.hook, self.scopes.kernel, (), above)
                    if not (hook.is_tracepoint or hook.is_attached):
                        raise KitError(f"a span is made of the kernel's hooks, not of '{hook.kind}:'")
                yield SpanEdge(role, number, table, place, hook)

    def _scope(self, edge: SpanEdge) -> Scope:
        return self.scopes.of_hook(edge.hook, edge.table.reads == "nofault")

    def _key(self, edge: SpanEdge, scope: Scope) -> Iterator[AbiType]:
        for index, text in enumerate(edge.table.key):
            with self.errors.at((*edge.path, "key", index)):
                yield field_kind(read(text, scope), FieldOptions(), scope).key().type

    def _kept(self, spec: SpanTable, path: KeyPath, scope: Scope) -> Iterator[KeptValue]:
        for name, text in spec.keep.items():
            place = (*path, "keep", name)
            with self.errors.at(place):
                value = read(text, scope)
                type_ = field_kind(value, FieldOptions(), scope).kept_type(value)
            yield KeptValue(name, text, self.declarations.declare(type_, name), type_, place, clock_of(value))

    def _check_lengths(self, shape: SpanShape, edges: Sequence[SpanEdge]) -> None:
        for edge in edges:
            if len(edge.table.key) != len(shape.key):
                with self.errors.at((*edge.path, "key")):
                    found = _parts(len(edge.table.key))
                    raise KitError(f"this key has {found}, where the span first begins it has {_parts(len(shape.key))}")


def _parts(number: int) -> str:
    return "1 part" if number == 1 else f"{number} parts"


def _variable(name: str, hook: Hook) -> ProbeVariable:
    return next(each for written, each in hook.variables.items() if written.lstrip("$") == name)


def _common_arguments(hooks: Sequence[Hook]) -> Iterator[Argument]:
    """What all ends have, by name and type, and C can pass on."""
    first, *others = hooks
    for name, variable in first.variables.items():
        plain = strip(variable.type)
        is_own = name in ("$duration_ns", "$begin_ns", "$end", "$timed_out") or variable.holder is not None
        if is_own or isinstance(plain, Struct | Array) or not is_declarable(variable.type):
            continue
        if all(name in each.variables and strip(each.variables[name].type) == plain for each in others):
            yield Argument(name.lstrip("$"), variable.type)


def _hook(spec: SpanTable, shape: SpanShape, ends: Sequence[SpanEdge], passed: Sequence[Argument]) -> Hook:
    span = ProbeVariable("ended_span", Pointer(Qualified("const", Forward("struct", shape.c_name))))
    names = [each.name for each in passed]
    duration = free_name("duration_ns", names)
    variables = {each.name: ProbeVariable(each.name, each.type) for each in passed}
    for name, variable in _spans_own(spec, ends, span, duration).items():
        variables[name] = variable
    for each in shape.kept:
        variables[f"${each.name}"] = ProbeVariable(
            f"{span.c_name}->kept.{each.name}", each.type, holder=span, clock=each.clock
        )
    return Hook(
        kind="span",
        name=spec.name,
        variables=variables,
        headers=("linux/tracepoint.h",),
        arguments=(*passed, Argument(span.c_name, span.type)),
        trusted=all(each.hook.trusted for each in ends),
        tracepoint=shape.tracepoint,
    )


def _spans_own(
    spec: SpanTable, ends: Sequence[SpanEdge], span: ProbeVariable, duration: str
) -> Mapping[str, ProbeVariable]:
    """The variables that every span's end has."""
    lap = f"{span.c_name}->lap"
    return {
        "$duration_ns": ProbeVariable(duration, _U64, f"{lap}.end_ns - {lap}.begin_ns"),
        "$begin_ns": ProbeVariable(f"{lap}.begin_ns", _U64, holder=span, clock=MONOTONIC),
        "$end": ProbeVariable(f"{lap}.end", _end_type(spec, ends), holder=span),
        "$timed_out": ProbeVariable(f"({lap}.end == {len(ends)})", c_types.BOOL, holder=span),
    }


def _end_type(spec: SpanTable, ends: Sequence[SpanEdge]) -> Enum:
    """Which end it was, by the names of their hooks."""
    labels: list[str] = []
    for each in ends:
        labels.append(free_name(each.hook.name.replace(".", "_"), labels))
    if spec.timeout is not None:
        labels.append(free_name("timed_out", labels))
    return Enum("", 4, False, tuple((label, number) for number, label in enumerate(labels)))
