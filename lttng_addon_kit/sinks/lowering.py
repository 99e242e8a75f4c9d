# SPDX-License-Identifier: GPL-2.0-only
"""A filter and some expressions -> C, each error with its place in addon.toml."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.errors import Gathering
from lttng_addon_kit.expression.fields.field_kind import WantedField
from lttng_addon_kit.expression.fields.field_table import field_kind
from lttng_addon_kit.expression.lower import Lowered, lower_event
from lttng_addon_kit.expression.read import read, read_filter
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.sinks.sink import Wanted


def lower(filter_: Wanted | None, wanted: Sequence[Wanted], scope: Scope, errors: SpecErrors) -> Lowered:
    """Turn a filter, if there is one, and expressions into C.

    Raises:
        KitError: some of them are wrong, or their values can't be recorded; with their places in addon.toml.
    """
    found = Gathering()
    read_in = None
    if filter_ is not None:
        with found.part(), errors.at(filter_.place):
            read_in = read_filter(filter_.text, scope)
    fields = []
    for each in wanted:
        with found.part():
            fields.append(_field(each, scope, errors))
    found.refuse()
    return _lowered(read_in, fields, [*([filter_] if filter_ else []), *wanted], scope, errors)


def _field(wanted: Wanted, scope: Scope, errors: SpecErrors) -> WantedField:
    with errors.at(wanted.place):
        field = WantedField(wanted.name, read(wanted.text, scope), wanted.options)
        field_kind(field.value, field.options, scope)
        return field


def _lowered(
    filter_: typed.Node | None,
    fields: Sequence[WantedField],
    wanted: Sequence[Wanted],
    scope: Scope,
    errors: SpecErrors,
) -> Lowered:
    try:
        return lower_event(filter_, fields, scope)
    except ExpressionError as error:
        # The filter's name is "", as an error of the filter has it.
        blamed = next((each for each in wanted if each.name == error.field), wanted[0])
        errors.place(error, blamed.place)
        raise
