# SPDX-License-Identifier: GPL-2.0-only
"""The statements that the fields of an event become, for events that pass the filter.

Every pointer that is followed is loaded and checked once; a field that can't reach its value is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import (
    NULL,
    ZERO,
    C,
    Identifier,
    If,
    Prefix,
    Statement,
    Ternary,
    TypeCast,
    assign,
)
from lttng_addon_kit.expression.c.compute import value
from lttng_addon_kit.expression.c.conditions import every, negated, truth
from lttng_addon_kit.expression.c.guards import Copy, Facts, Load, tested
from lttng_addon_kit.expression.c.outcomes import outcome
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.printer import text
from lttng_addon_kit.expression.c.probe_body import ProbeBody
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.kernel.kernel import name_in_c
from lttng_addon_kit.kernel.types import Pointer, Qualified, Type, strip

_LONGEST_ARGUMENT = 60
ZEROS = Identifier("zeros")


@dataclass(frozen=True)
class ProbeArgument:
    """One argument of LTTng's generated probe: its C declaration (with the name), what to pass, its type."""

    name: str
    declaration: str
    value: C
    type: str = ""

    @property
    def text(self) -> str:
        return text(self.value)


@dataclass(frozen=True)
class Reached:
    """The value of a node, and the conditions under which it may be computed."""

    value: C
    conditions: tuple[C, ...]

    def otherwise(self, instead: C) -> C:
        """The value; `instead` where it can't be computed."""
        return Ternary(every(self.conditions), self.value, instead) if self.conditions else self.value


@dataclass(frozen=True)
class EventArray:
    """A field that is an array of `size` bytes: its elements' type, and the type of the value that it is read from."""

    name: str
    element: Type
    size: int
    type: Type


class FieldWriter:
    """Writes the fields of one event.

    Attributes:
        body: the function.
        statements: what is to be done before the values are passed.
        zeros: how many bytes `static const u8 zeros[]` must have.
    """

    def __init__(self, body: ProbeBody, facts: Facts) -> None:
        self.body = body
        self.statements: list[Statement] = []
        self.zeros = 0
        self._facts = facts

    def place(self) -> Place:
        """A place after all statements so far, for one field."""
        return Place(self.body, self._facts.fork())

    def reached(self, node: typed.Node, compute: Callable[[typed.Node, Place], C] = value) -> Reached:
        """The value of a node, which `compute` writes."""
        place = self.place()
        if compute is value and node.type == c_types.BOOL:
            computed = outcome(node, True, place).condition
        else:
            computed = compute(node, place)
        return Reached(computed, self.settled(place, node))

    def settled(self, place: Place, whole: typed.Node | None = None) -> tuple[C, ...]:
        """Do in statements what can be kept for later fields; return the tests that are left for the value.

        A pointer becomes `dev = skb ? skb->dev : NULL`, so that testing `dev` tests all; the same with 0 for what is
        the `whole` value.
        """
        left: list[C] = []
        for step in place.steps:
            match step:
                case Load():
                    loaded = Reached(step.value, tuple(left)).otherwise(step.zero)
                    self.statements.append(assign(step.local.name, loaded))
                    self._keep(step.node, place.facts)
                    left = self._after_load(step, left, whole)
                case Copy() if c_types.pointer(step.node.type) or step.node == whole:
                    self.statements.append(If(negated(every([*left, step.test])), step.zero))
                    self._keep(step.node, place.facts)
                    left = []
                case _:
                    left.append(tested(step))
        return tuple(left)

    def _after_load(self, step: Load, left: list[C], whole: typed.Node | None) -> list[C]:
        if step.check is not None:
            return [step.check(step.local)]
        # Where it can't be computed, the local is NULL, and says so as well as what was tested.
        left = [truth(step.local)] if left and step.zero == NULL else left
        self._facts.conditions[step.node] = tuple(left)
        return [] if step.node == whole else left

    def _keep(self, node: typed.Node, facts: Facts) -> None:
        self._facts.held[node] = facts.held[node]
        if node in facts.implied:
            self._facts.implied[node] = facts.implied[node]

    def in_order(self, name: str, type_: Type, computed: C) -> C:
        """A long value, or one that has a side effect, in a statement: C orders no arguments of a call."""
        if len(text(computed)) <= _LONGEST_ARGUMENT and not computed.has_side_effect:
            return computed
        return self.in_local(name, type_, computed, f"{name}_value")

    def in_local(self, name: str, type_: Type, computed: C, *others: str) -> C:
        """A value in a local of its own, called `name` or one of the others."""
        local = self.body.names.fresh(name, *others)
        self.body.declare(local, type_)
        self.statements.append(assign(local, computed))
        return Identifier(local)

    def single(self, wanted: str, node: typed.Node, type_: Type) -> tuple[ProbeArgument, ...]:
        """The only argument of a field that is a number or a pointer."""
        computed = self.reached(node).otherwise(NULL if isinstance(type_, Pointer) else ZERO)
        return (self.argument(wanted, type_, self.in_order(wanted, type_, computed)),)

    def array(self, wanted: EventArray, reached: Reached) -> tuple[ProbeArgument, ...]:
        """The address of an array's bytes; where there are none, that of as many zeros."""
        type_ = Pointer(Qualified("const", wanted.element))
        address = reached.value
        if isinstance(address, Prefix) or not has_elements(wanted.type, wanted.element):
            address = self.cast(address, type_)
        if reached.conditions:
            self.zeros = max(self.zeros, wanted.size)
            address = Reached(address, reached.conditions).otherwise(self.cast(ZEROS, type_))
        return (self.argument(wanted.name, type_, self.in_order(wanted.name, type_, address)),)

    def argument(self, name: str, type_: Type, computed: C) -> ProbeArgument:
        """An argument of the generated probe."""
        declare = self.body.declarations.declare
        c_name = name_in_c(name, self.body.scope.kernel)
        return ProbeArgument(c_name, declare(type_, c_name), computed, declare(type_).strip())

    def cast(self, operand: C, type_: Type) -> C:
        return TypeCast(self.body.type_name(type_), operand)


def has_elements(type_: Type, element: Type) -> bool:
    """Whether C takes a pointer (or array) of that type as one to such elements without a cast."""
    found = c_types.pointer(c_types.decayed(type_))
    return found is not None and strip(found.target) == strip(element)
