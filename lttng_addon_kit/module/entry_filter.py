# SPDX-License-Identifier: GPL-2.0-only
"""A filter on what is known when a call begins: a call that it rejects is not followed to its return."""

from __future__ import annotations

from dataclasses import dataclass

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import Identifier, Return
from lttng_addon_kit.expression.read import read_filter
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.hooks.hook import Hook
from lttng_addon_kit.sinks.moment import Moment
from lttng_addon_kit.sinks.sink import Wanted

# What has the same value whenever it is evaluated, if its parts do: it reads no memory and asks nobody.
_UNCHANGING = (
    *(typed.Constant, typed.ParameterValue, typed.Arithmetic, typed.Sign, typed.Not),
    *(typed.Logical, typed.Comparison, typed.Choice, typed.Conversion),
)


@dataclass(frozen=True)
class EntryFilter:
    """It in C, for a function that has the registers of the call's entry.

    Attributes:
        moment: the filter, without sinks.
        variables: the declarations of the arguments that it uses, with their values.
    """

    moment: Moment
    variables: tuple[str, ...]

    @property
    def locals(self) -> tuple[str, ...]:
        """Declarations for the head of the function, without the `;`."""
        return (*self.variables, *self.moment.locals)

    @property
    def lines(self) -> list[str]:
        """The filter's statements, which return false."""
        return self.moment.lowered.filter_left_by(Return(Identifier("false")))


def is_known_at_entry(filter_: Wanted, hook: Hook, scope: Scope) -> bool:
    """Whether a filter gives the same when a call begins as when it returns: it uses the call's arguments alone.

    One that is wrong does not: where it is planned, that is said beside all else that is wrong.
    """
    kept = {each.c_name for each in hook.variables.values() if each.saved and each.saved.name == each.c_name}
    if not kept:
        return False
    try:
        nodes = list(typed.walk(read_filter(filter_.text, scope)))
    except KitError:
        return False
    return all(
        node.c_name in kept if isinstance(node, typed.Variable) else isinstance(node, _UNCHANGING) for node in nodes
    )
