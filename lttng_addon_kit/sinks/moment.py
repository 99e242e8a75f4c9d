# SPDX-License-Identifier: GPL-2.0-only
"""What a probe does at one moment of a hit: its sinks' expressions, and their C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import Do
from lttng_addon_kit.expression.c.printer import lines
from lttng_addon_kit.expression.lower import Lowered
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.sinks.lowering import lower
from lttng_addon_kit.sinks.sink import MomentName, Sink, SinkCode, Wanted


@dataclass(frozen=True)
class Moment:
    """Before a probe's filter ("seen"), or with and after it ("passed")."""

    name: MomentName
    lowered: Lowered
    sinks: tuple[SinkCode, ...]

    @property
    def locals(self) -> tuple[str, ...]:
        """Declarations for the head of the function, without the `;`."""
        own = (each for sink in self.sinks for each in sink.locals)
        return tuple(dict.fromkeys((*self.lowered.locals, *own)))

    @property
    def lines(self) -> list[str]:
        """The statements of all sinks, one tab deep."""
        statements: list[Do] = []
        for sink in self.sinks:
            statements += [each for each in sink.prepare if each not in statements]
            statements += sink.take
        return lines(statements)

    @property
    def after_lines(self) -> list[str]:
        """The statements that come last, one tab deep."""
        return lines([each for sink in self.sinks for each in sink.after])

    @property
    def used(self) -> frozenset[str]:
        """The C names of the hook's variables that are read."""
        return self.lowered.used.union(*(sink.used for sink in self.sinks))


def plan_moment(
    name: MomentName, filter_: Wanted | None, sinks: Sequence[Sink], scope: Scope, errors: SpecErrors
) -> Moment:
    """Turn what happens at one moment into C.

    Raises:
        KitError: an expression is wrong, or a sink can't take its value; with its place in addon.toml.
    """
    all_wanted = [each for sink in sinks for each in sink.wanted()]
    by_text = {each.text: each for each in reversed(all_wanted) if each.is_shared}
    chosen = {each.name: by_text[each.text] if each.is_shared else each for each in all_wanted}
    lowered = lower(filter_, list(dict.fromkeys(chosen.values())), scope, errors)
    values = {value.name: value for value in lowered.values}
    codes = [sink.code({each.name: values[chosen[each.name].name] for each in sink.wanted()}, errors) for sink in sinks]
    return Moment(name, lowered, tuple(codes))
