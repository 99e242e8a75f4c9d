"""What must be done, in this order, before a value may be computed: pointers checked and loaded, bounds tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lttng_addon_kit.expression.c.c_tree import Assignment, C, Do, Identifier
from lttng_addon_kit.expression.typing import typed


@dataclass(frozen=True)
class Check:
    """A condition without which there is no value."""

    test: C


@dataclass(frozen=True)
class Load:
    """`local = value`; with `check`, which makes a test of it, there is no value unless that holds.

    `zero` is what the local gets where its value can't be computed.
    """

    node: typed.Node
    local: Identifier
    value: C
    zero: C
    check: Callable[[C], C] | None = None


@dataclass(frozen=True)
class Copy:
    """A fault-proof copy into a local: the test that it succeeded, and the statement for when it failed."""

    node: typed.Node
    test: C
    zero: Do


Step = Check | Load | Copy


def tested(step: Step) -> C:
    """A step as an operand of a condition, a load being part of its test."""
    if not isinstance(step, Load):
        return step.test
    assert step.check is not None, "where no statement can stand, only what is tested gets a local"
    return step.check(Assignment(step.local, step.value))


@dataclass
class Facts:
    """What is known at one place of the generated code.

    Attributes:
        known: nodes that are not 0 (pointers, divisors), bounds and other conditions that hold.
        held: nodes whose value a local has; such a pointer may still be NULL.
        implied: for a pointer in `held`: what is known as well once it is known.
        conditions: for a node in `held`: what must hold for the local to have its value.
        inline: the place is inside an expression, where no statement can stand.
        unordered: C may compute this place and others of the expression in any order: no local is shared with them.
    """

    known: set[object] = field(default_factory=set)
    held: dict[typed.Node, C] = field(default_factory=dict)
    implied: dict[typed.Node, frozenset[object]] = field(default_factory=dict)
    conditions: dict[typed.Node, tuple[C, ...]] = field(default_factory=dict)
    inline: bool = False
    unordered: bool = False

    def fork(self, *, inline: bool | None = None, unordered: bool | None = None) -> Facts:
        """A copy, for a place that is not always reached: what is learnt there stays there."""
        return Facts(
            set(self.known),
            dict(self.held),
            dict(self.implied),
            dict(self.conditions),
            self.inline if inline is None else inline,
            self.unordered if unordered is None else unordered,
        )

    def learn(self, fact: object) -> None:
        """Note that a node is known not to be 0, with all that this implies."""
        self.known.add(fact)
        if isinstance(fact, typed.Node):
            self.known |= self.implied.get(fact, frozenset())

    def common(self, other: Facts) -> Facts:
        """What is known after one of two ways, whichever it was."""
        return Facts(
            self.known & other.known,
            {node: local for node, local in self.held.items() if node in other.held},
            {node: facts & other.implied.get(node, frozenset()) for node, facts in self.implied.items()},
            dict(self.conditions),
            self.inline,
            self.unordered,
        )
