# SPDX-License-Identifier: GPL-2.0-only
"""The sink of an [[event]]: LTTng's probe, which writes the event into a session's ring buffers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import ZERO, C, Identifier, call
from lttng_addon_kit.expression.c.printer import folded
from lttng_addon_kit.expression.fields.field_kind import Enumeration, FieldOptions, FieldValue
from lttng_addon_kit.expression.fields.field_writer import ProbeArgument
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing.typed import Rendering
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.sinks.sink import MomentName, SinkCode, Wanted
from lttng_addon_kit.spec.event_table import EventTable
from lttng_addon_kit.spec.table_keys import TableKeys

# DECLARE_TRACE() began to add "_tp" to the name in 6.16, which also brought the macro that doesn't.
_FIRST_DECLARE_TRACE_EVENT = (6, 16, 0)
# LTTng events have arguments: its macros for none are gone since 2.14.
_NO_PAYLOAD = ProbeArgument("nothing", "u8 nothing", ZERO)


def declare_trace(version: tuple[int, int, int]) -> str:
    """The macro that declares a tracepoint of ours in a kernel of that version."""
    return "DECLARE_TRACE_EVENT" if version >= _FIRST_DECLARE_TRACE_EVENT else "DECLARE_TRACE"


@dataclass(frozen=True, kw_only=True)
class EventCode(SinkCode):
    """An event as LTTng has it.

    Attributes:
        spec: the event on this kernel.
        tracepoint: the one that LTTng attaches to: the hook itself, or one of the event's own.
        declare_trace: the macro that declares a tracepoint of the event's own.
        fields: the fields' values.
        payload: what LTTng's probe is given.
        is_on_hook: whether the hook is the tracepoint.
    """

    spec: EventTable
    tracepoint: str
    declare_trace: str
    fields: tuple[FieldValue, ...]
    payload: tuple[ProbeArgument, ...]
    is_on_hook: bool

    @property
    def record_call(self) -> str:
        """What records the event: LTTng's probe, or the tracepoint that it is attached to."""
        return f"__event_probe__{self.spec.name}" if self.is_on_hook else f"trace_{self.tracepoint}"

    @property
    def record_arguments(self) -> tuple[C, ...]:
        """What `record_call` is called with."""
        given = (Identifier("lttng_event"),) if self.is_on_hook else ()
        return (*given, *(each.value for each in self.payload))

    @property
    def trace_arguments(self) -> tuple[C, C]:
        """What the macros for a tracepoint of the event's own are given behind its name."""
        parameters = (Identifier(each) for each in self.payload_parameters)
        return (call("TP_PROTO", *parameters), call("TP_ARGS", *map(Identifier, self.payload_names)))

    @property
    def payload_parameters(self) -> tuple[str, ...]:
        """The payload's declarations."""
        return tuple(each.declaration for each in self.payload)

    @property
    def payload_names(self) -> tuple[str, ...]:
        """The payload's names."""
        return tuple(each.name for each in self.payload)

    def macros(self, aliases: Mapping[str, str]) -> list[str]:
        """What stands between TP_FIELDS' parentheses, two tabs deep; fields named in `aliases` are called so."""
        macros = (each.ctf_macro(self.spec.name) for each in self.fields)
        return [
            folded([aliases.get(each, each) for each in arguments], f"\t\t{macro}(", ")")
            for macro, *arguments in macros
        ]

    @property
    def enumerations(self) -> list[Enumeration]:
        """What LTTng must have declared before."""
        return [each for value in self.fields if (each := value.kind.enumeration(self.spec.name, value.name))]

    @property
    def addresses(self) -> dict[str, Rendering]:
        """The fields that are addresses: CTF 1.8 has no type for them."""
        return {each.name: each.kind.rendering for each in self.fields if each.kind.rendering}


@dataclass(frozen=True)
class EventSink:
    """The sink of one event on one kernel; `keys` are where addon.toml has its keys."""

    spec: EventTable
    keys: TableKeys
    hook: Hook
    version: tuple[int, int, int]
    at: MomentName = "passed"

    def wanted(self) -> Sequence[Wanted]:
        """Its fields."""
        return [
            Wanted(name, each.value, self.keys.path("fields", name, "value"), FieldOptions(each.base))
            for name, each in self.spec.fields.items()
        ]

    def code(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> EventCode:
        """See Sink. The template has the statements."""
        fields = tuple(values.values())
        return EventCode(
            spec=self.spec,
            tracepoint=self.hook.tracepoint or f"lttng_addon_{self.spec.name}",
            declare_trace=declare_trace(self.version),
            fields=fields,
            payload=tuple(each for value in fields for each in value.arguments) or (_NO_PAYLOAD,),
            is_on_hook=self.hook.is_tracepoint,
        )
