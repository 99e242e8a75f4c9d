"""One place in a probe's code: what is known there, and the steps that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from lttng_addon_kit.expression.c.c_tree import C, Identifier
from lttng_addon_kit.expression.c.guards import Check, Copy, Facts, Load, Step
from lttng_addon_kit.expression.c.probe_body import ProbeBody
from lttng_addon_kit.expression.typing import typed


@dataclass
class Place:
    """Where an expression is written.

    Attributes:
        body: the function.
        facts: what is known once the steps are done.
        steps: what is to be done before the expression may be computed; writing one appends to them.
    """

    body: ProbeBody
    facts: Facts
    steps: list[Step] = field(default_factory=list)

    def fork(self, *, inline: bool | None = None, unordered: bool | None = None) -> Place:
        """A place that is not always reached from here: what is learnt there stays there."""
        return Place(self.body, self.facts.fork(inline=inline, unordered=unordered))

    def with_facts(self, facts: Facts) -> Place:
        """Another place, with steps of its own."""
        return Place(self.body, facts)

    def check(self, condition: C) -> None:
        """See that a condition holds."""
        if condition not in self.facts.known:
            self.steps.append(Check(condition))
            self.facts.learn(condition)

    def load(self, step: Load) -> C:
        """Get a value into a local, which holds it from then on."""
        self.steps.append(step)
        self.facts.held[step.node] = step.local
        return step.local

    def copy(self, step: Copy, held: C) -> C:
        """Copy what is in memory into a local; `held` is the value that it holds from then on."""
        self.steps.append(step)
        self.facts.held[step.node] = held
        return held

    def local(self, node: typed.Node, value: C) -> Identifier:
        """A new local for a node's value."""
        return self.body.local(node, value, is_shared=not self.facts.unordered)

    def name(self, node: typed.Node) -> str:
        """A name for a local that holds a node's value."""
        return self.body.name(node, is_shared=not self.facts.unordered)
