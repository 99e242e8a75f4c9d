"""The statements that leave a probe unless its filter holds: every pointer that is followed is checked first."""

from __future__ import annotations

from lttng_addon_kit.expression.c.c_tree import C, If, Return, Statement, assign
from lttng_addon_kit.expression.c.conditions import either, negated
from lttng_addon_kit.expression.c.guards import Facts, Load, Step
from lttng_addon_kit.expression.c.outcomes import needed_first, outcome, test
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.probe_body import ProbeBody
from lttng_addon_kit.expression.typing import typed


class ProbeFilter:
    """Writes one filter.

    Attributes:
        statements: the filter.
        facts: what is known behind it.
    """

    def __init__(self, body: ProbeBody) -> None:
        self.statements: list[Statement] = []
        self.facts = Facts()
        self._body = body
        self._pending: list[C] = []

    def require(self, node: typed.Node) -> None:
        """Go on only if a node is true."""
        self._require(node, True)
        self._leave_if_pending()

    def _require(self, node: typed.Node, want: bool) -> None:
        match node:
            case typed.Not():
                self._require(node.operand, not want)
            case typed.Logical() if (node.operator == "&&") == want:
                self._require(node.left, want)
                self._require(node.right, want)
            case typed.Logical():
                place = Place(self._body, self.facts)
                self._do(needed_first(node, want, place))
                self._leave_if_pending()
                decided = outcome(node, want, place)
                self.facts = decided.if_true
                self._pending.append(decided.condition)
            case _:
                place = Place(self._body, self.facts)
                last = test(node, want, place)
                self._do(place.steps)
                self._pending.append(last)

    def _do(self, steps: list[Step]) -> None:
        for step in steps:
            if not isinstance(step, Load):
                self._pending.append(step.test)
                continue
            self._leave_if_pending()
            self.statements.append(assign(step.local.name, step.value))
            if step.check is not None:
                self._pending.append(step.check(step.local))

    def _leave_if_pending(self) -> None:
        if self._pending:
            self.statements.append(If(either([negated(condition) for condition in self._pending]), Return()))
            self._pending = []
