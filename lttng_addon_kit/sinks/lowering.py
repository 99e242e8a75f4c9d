"""A filter and some expressions -> C, each error with its place in addon.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.lower import EventField, Lowered, lower_event
from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.expression.fields.field_kinds import field_kind
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.annotate import read, read_filter
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.sinks.sink import Wanted


@dataclass(frozen=True)
class Expressions(Lowered):
    """A filter and expressions in C.

    `used` are the C names of the hook's variables, `called` those of functions, that they name.
    """

    used: frozenset[str]
    called: frozenset[str]


def lower(filter_: Wanted | None, wanted: Sequence[Wanted], scope: Scope, errors: SpecErrors) -> Expressions:
    """Turn a filter, if there is one, and expressions into C.

    Raises:
        ExpressionError: one of them is wrong, or its value can't be recorded; with its place in addon.toml.
    """
    read_in = None
    if filter_ is not None:
        with errors.at(filter_.place):
            read_in = read_filter(filter_.text, scope)
    fields = [_field(each, scope, errors) for each in wanted]
    nodes = [*([read_in] if read_in else []), *(each.value for each in fields)]
    found = [each for node in nodes for each in typed.walk(node)]
    lowered = _lowered(read_in, fields, [*([filter_] if filter_ else []), *wanted], scope, errors)
    return Expressions(
        **vars(lowered),
        used=frozenset(each.c_name for each in found if isinstance(each, typed.Variable)),
        called=frozenset(each.function for each in found if isinstance(each, typed.FunctionResult)),
    )


def _field(wanted: Wanted, scope: Scope, errors: SpecErrors) -> EventField:
    with errors.at(wanted.place):
        field = EventField(wanted.name, read(wanted.text, scope), wanted.options)
        field_kind(field.value, field.options, scope)
        return field


def _lowered(
    filter_: typed.Node | None, fields: Sequence[EventField], wanted: Sequence[Wanted], scope: Scope, errors: SpecErrors
) -> Lowered:
    try:
        return lower_event(filter_, fields, scope)
    except ExpressionError as error:
        # The filter's name is "", as an error of the filter has it.
        blamed = next((each for each in wanted if each.name == error.field), wanted[0])
        errors.place(error, blamed.place)
        raise
