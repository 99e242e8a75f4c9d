# SPDX-License-Identifier: GPL-2.0-only
"""A probe: a hook, a filter and sinks, on one kernel, in C."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Literal

from lttng_addon_kit.expression.c.c_tree import ZERO, C, Goto, Identifier, Infix
from lttng_addon_kit.expression.c.printer import folded
from lttng_addon_kit.expression.fields.field_writer import ProbeArgument
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing.declarations import Declarations
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.hooks.hook import Hook, ProbeVariable
from lttng_addon_kit.kernel.types import Pointer, Type, strip
from lttng_addon_kit.module.entry_filter import EntryFilter, is_known_at_entry
from lttng_addon_kit.sinks.lttng_event import EventCode
from lttng_addon_kit.sinks.moment import Moment, plan_moment
from lttng_addon_kit.sinks.sink import Sink, SinkCode, Wanted

# The kernel's coding style, in columns.
_LINE = 80
# What lttng_addon_enter() and lttng_addons_enter() fill in.
_RECORDING = ("unsigned int outer",)
_COLLECTING = ("struct lttng_addons_cpu *cpu", "unsigned long irq_flags")


@dataclass(frozen=True)
class Site:
    """Where a probe is.

    Attributes:
        name: its name for people: an event's, or that of what the hook is on.
        hook: what the kernel has there.
        filter: the filter as addon.toml has it.
        scope: what filter and expressions may name.
        attached_by: what attaches the probe, and calls it: LTTng for an event, else the runtime (lttng-addons.ko).
        index: its place among the probes that the runtime attaches.
        span: the C name of the span that begins or ends here, for whose sake it is attached; "": none.
    """

    name: str
    hook: Hook
    filter: Wanted | None
    scope: Scope
    attached_by: Literal["lttng", "runtime"]
    index: int = 0
    span: str = ""


@dataclass(frozen=True)
class SavedMember:
    """A value that is read when a call begins: its declaration, and the C that reads it."""

    name: str
    declaration: str
    reading: str

    @property
    def statement(self) -> str:
        """The statement that saves it, in the function's body."""
        target = f"\tentry->{self.name} = "
        return f"{target}{self.reading};" if "\n" in self.reading else folded((self.reading,), target, ";")


@dataclass(frozen=True)
class Probe:
    """A probe as the templates print it.

    Attributes:
        entry: the filter, if it is evaluated when a call begins, and what is hooked is its return.
        seen: what is done before the filter, if anything is.
        passed: the filter, if it is not evaluated before, and what is done after it.
        variables: the hook's variables that the expressions use.
        saved: the values that must be saved before, for those variables.
        prototype: the parameters with which a tracepoint calls the probe: the hook, or the event's own.
    """

    site: Site
    entry: EntryFilter | None
    seen: Moment | None
    passed: Moment
    variables: tuple[ProbeArgument, ...]
    saved: tuple[SavedMember, ...]
    prototype: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its functions' names begin with: no header has such a name.

        LTTng and the runtime may both have a probe at one site.
        """
        return f"addon_{self.site.name}" if self.is_of_lttng else f"addon_{self.site.name}_collect"

    @property
    def is_of_lttng(self) -> bool:
        return self.site.attached_by == "lttng"

    @property
    def hook(self) -> Hook:
        return self.site.hook

    @property
    def filter(self) -> str | None:
        return self.site.filter.text if self.site.filter else None

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(each for each in (self.entry and self.entry.moment, self.seen, self.passed) if each)

    @property
    def sinks(self) -> tuple[SinkCode, ...]:
        return tuple(sink for moment in self.moments for sink in moment.sinks)

    @property
    def event(self) -> EventCode:
        """What LTTng records, for a probe that LTTng attaches."""
        return next(each for each in self.sinks if isinstance(each, EventCode))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The variables' declarations."""
        return tuple(each.declaration for each in self.variables)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables' names."""
        return tuple(each.name for each in self.variables)

    @property
    def locals(self) -> tuple[str, ...]:
        """Declarations for the head of the function, without the `;`: of the variables that are no parameters, too."""
        read = (_initialised(each) for each in self.variables if each.text != each.name)
        return (*read, *(_RECORDING if self.is_of_lttng else _COLLECTING), *self.passed.locals)

    @property
    def body(self) -> str:
        """The template of its statements."""
        return "sinks/event_body.j2" if self.is_of_lttng else "sinks/collect_body.j2"

    @property
    def filter_lines(self) -> list[str]:
        """The filter's statements, which go to what is undone at the function's end."""
        return self.passed.lowered.filter_left_by(Goto("out"))

    @property
    def missed(self) -> C:
        """The number of hits that the kernel dropped."""
        counters: list[C] = [Identifier(each.format(probe=self.name)) for each in self.hook.missed]
        return reduce(partial(Infix, "+"), counters) if counters else ZERO


def plan_probe(site: Site, sinks: Sequence[Sink], errors: SpecErrors, declarations: Declarations) -> Probe:
    """Turn a site's filter and its sinks' expressions into C.

    Args:
        declarations: notes the headers and types that the probe's own declarations need.

    Raises:
        KitError: the filter or an expression is wrong; with its place in addon.toml.
    """
    early = [each for each in sinks if each.at == "seen"]
    late = [each for each in sinks if each.at == "passed"]
    seen = plan_moment("seen", None, early, site.scope, errors) if early else None
    filter_ = site.filter
    entry = None
    if filter_ and not early and is_known_at_entry(filter_, site.hook, site.scope):
        entry = _entry_filter(plan_moment("passed", filter_, [], site.scope, errors), site.hook, declarations)
        filter_ = None
    passed = plan_moment("passed", filter_, late, site.scope, errors)
    used = passed.used | (seen.used if seen else frozenset())
    variables = [each for each in site.hook.variables.values() if each.c_name in used]
    return Probe(
        site=site,
        entry=entry,
        seen=seen,
        passed=passed,
        variables=tuple(dict.fromkeys(_argument(each, declarations) for each in variables)),
        saved=tuple(_saved(each, declarations) for each in variables if each.saved),
        prototype=tuple(_prototype(site, passed, declarations)),
    )


def _entry_filter(moment: Moment, hook: Hook, declarations: Declarations) -> EntryFilter:
    used = [each for each in hook.variables.values() if each.c_name in moment.used]
    read = [_argument(replace(each, reading=each.saved.reading), declarations) for each in used if each.saved]
    return EntryFilter(moment, tuple(map(_initialised, read)))


def _initialised(variable: ProbeArgument) -> str:
    """The declaration of a variable with its value, on two lines if one is too short; a tab stands before."""
    line = f"{variable.declaration} = {variable.text}"
    fits = len(line.partition("\n")[0]) < _LINE - 8
    return line if fits else f"{variable.declaration} =\n\t\t{variable.text}"


def _prototype(site: Site, passed: Moment, declarations: Declarations) -> Iterator[str]:
    """LTTng and the runtime each have the tracepoint pass data of theirs first."""
    yield "void *lttng_event" if site.attached_by == "lttng" else "void *__data"
    if site.hook.is_tracepoint:
        yield from (declarations.declare(each.type, each.name) for each in site.hook.arguments)
    else:
        events = (each for each in passed.sinks if isinstance(each, EventCode))
        yield from (declaration for event in events for declaration in event.payload_parameters)


def _argument(variable: ProbeVariable, declarations: Declarations) -> ProbeArgument:
    if variable.holder is not None:
        name = variable.holder.c_name
        return ProbeArgument(name, declarations.declare(variable.holder.type, name), Identifier(name))
    declaration = declarations.declare(variable.type, variable.c_name)
    reading = variable.reading.format(name=variable.c_name, type=_type(variable.type, declarations))
    return ProbeArgument(variable.c_name, declaration, Identifier(reading))


def _saved(variable: ProbeVariable, declarations: Declarations) -> SavedMember:
    saved = variable.saved
    assert saved is not None
    reading = saved.reading.format(name=saved.name, type=_type(saved.type, declarations))
    return SavedMember(saved.name, declarations.declare(saved.type, saved.name), reading)


def _type(type_: Type, declarations: Declarations) -> str:
    """What a register's value is converted to."""
    return "void *" if isinstance(strip(type_), Pointer) else declarations.declare(type_, "").strip()
