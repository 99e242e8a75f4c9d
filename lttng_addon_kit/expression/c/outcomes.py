"""Typed expressions -> conditions: what must hold for one to be true or false, and what is known then."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from lttng_addon_kit.expression.c.c_tree import FALSE, NULL, TRUE, Assignment, C, Chain, Infix, Prefix, Ternary
from lttng_addon_kit.expression.c.compute import compute, is_kept_for_later, value
from lttng_addon_kit.expression.c.conditions import either, every, negated, truth
from lttng_addon_kit.expression.c.guards import Facts, Load, Step, tested
from lttng_addon_kit.expression.c.place import Place
from lttng_addon_kit.expression.c.pointers import followed
from lttng_addon_kit.expression.c.texts import same_text
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value


@dataclass(frozen=True)
class Outcome:
    """A condition, what is known where it holds, and what is known where it does not."""

    condition: C
    if_true: Facts
    if_false: Facts


def outcome(node: typed.Node, want: bool, place: Place) -> Outcome:
    """The condition that a node is true (or false, if not `want`); a part that meets NULL never holds."""
    facts = place.facts
    if isinstance(node, typed.Not):
        return outcome(node.operand, not want, place)
    if isinstance(node, typed.Logical):
        return _logical(node, want, place)
    inside = place.fork(inline=True)
    last = test(node, want, inside)
    failed = facts.fork()
    if (pointer := _tested_pointer(node, want)) is not None:
        tested_pointer, means_null = pointer
        if means_null and not inside.steps:
            failed.held = dict(inside.facts.held)
            failed.implied = dict(inside.facts.implied)
            failed.learn(tested_pointer)
    inside.facts.inline = facts.inline
    return Outcome(every([*(tested(step) for step in inside.steps), last]), inside.facts, failed)


def needed_first(node: typed.Logical, want: bool, place: Place) -> list[Step]:
    """The steps that both sides of an "or" need: without them neither can hold, so they come once, before."""
    with place.body.trial():
        left = outcome(node.left, want, place)
        right = outcome(node.right, want, place.with_facts(left.if_false))
    needed = left.if_true.common(right.if_true).known - place.facts.known
    first = place.with_facts(place.facts)
    for part in typed.walk(node):
        if isinstance(part, typed.ParameterValue) and is_kept_for_later(part, first):
            value(part, first)
        if part in needed and c_types.pointer(part.type):
            followed(part, first)
    return first.steps


def test(node: typed.Node, want: bool, place: Place) -> C:
    """The last test of a condition, after its steps; the node is neither a `!` nor a `&&` or `||`."""
    if (constant := constant_value(node)) is not None:
        return TRUE if bool(constant) == want else FALSE
    if c_types.never_null(node):
        if not isinstance(node, typed.TextConstant):
            followed(node, place)
        return TRUE if want else FALSE
    if (pointer := _tested_pointer(node, want)) is not None:
        return _pointer_test(*pointer, place)
    if isinstance(node, typed.Choice):
        return _choice_test(node, want, place)
    holds = test_of(node, place)
    return holds if want else negated(holds)


@singledispatch
def test_of(node: typed.Node, place: Place) -> C:
    """The test that a node is true."""
    return truth(value(node, place))


@test_of.register
def _compared(node: typed.Comparison, place: Place) -> C:
    return Infix(node.operator, value(node.left, place), value(node.right, place))


@test_of.register
def _compared_text(node: typed.TextComparison, place: Place) -> C:
    same = same_text(node.left, node.right, place)
    return same if node.operator == "==" else negated(same)


@compute.register
def _as_value(
    node: typed.Not | typed.Logical | typed.Comparison | typed.TextComparison | typed.TestValue, place: Place
) -> C:
    return outcome(node, True, place.fork(unordered=True)).condition


def _logical(node: typed.Logical, want: bool, place: Place) -> Outcome:
    facts = place.facts
    if (node.operator == "&&") == want:
        left = outcome(node.left, want, place)
        right = outcome(node.right, want, place.with_facts(left.if_true))
        return Outcome(every([left.condition, right.condition]), right.if_true, facts.fork())
    inside = place.fork(inline=True)
    steps = needed_first(node, want, inside)
    left = outcome(node.left, want, inside.fork(inline=facts.inline))
    right = outcome(node.right, want, place.with_facts(left.if_false))
    condition = every([*(tested(step) for step in steps), either([left.condition, right.condition])])
    return Outcome(condition, left.if_true.common(right.if_true), facts.fork() if steps else right.if_false)


def _choice_test(node: typed.Choice, want: bool, place: Place) -> C:
    """`c ? a : b` as a condition: a branch that meets NULL doesn't hold."""
    chosen = outcome(node.condition, True, place.fork(inline=True))
    yes = outcome(node.yes, want, place.with_facts(chosen.if_true)).condition
    no = outcome(node.no, want, place.with_facts(chosen.if_false)).condition
    return Ternary(chosen.condition, _as_number(yes, node.yes), _as_number(no, node.no))


def _pointer_test(pointer: typed.Node, means_null: bool, place: Place) -> C:
    """Whether a pointer is NULL or not; one that is used again gets a local at once."""
    facts = place.facts
    if isinstance(pointer, typed.Choice):
        return _choice_test(pointer, not means_null, place)
    again = place.body.repeats(pointer) and not isinstance(pointer, typed.Variable | typed.AddressOf)
    read = value(pointer, place)
    if again and pointer not in facts.held:
        read = kept(pointer, read, NULL, place)
        facts.implied[pointer] = frozenset(facts.known)
    if not means_null:
        facts.learn(pointer)
    is_made = isinstance(pointer, typed.Conversion) and c_types.number(pointer.operand.type)
    holds = Infix("!=", read, NULL) if is_made else read
    return negated(holds) if means_null else holds


def kept(node: typed.Node, read: C, zero: C, place: Place) -> C:
    """A value that a local has from then on: what to test, which is where it gets there if no statement can stand."""
    local = place.local(node, read)
    if not place.facts.inline:
        return place.load(Load(node, local, read, zero))
    place.facts.held[node] = local
    return Assignment(local, read)


def _tested_pointer(node: typed.Node, want: bool) -> tuple[typed.Node, bool] | None:
    """If the node is a test of a pointer: the pointer, and whether it is to be NULL."""
    if isinstance(node, typed.Comparison) and node.operator in ("==", "!="):
        for pointer, other in ((node.left, node.right), (node.right, node.left)):
            if c_types.pointer(pointer.type) and isinstance(other, typed.Constant) and other.value == 0:
                return pointer, (node.operator == "==") == want
    if c_types.pointer(node.type) and not isinstance(node, typed.TextConstant):
        return node, not want
    return None


def _as_number(condition: C, node: typed.Node) -> C:
    """The condition that a node holds, or doesn't; a pointer's test is not the pointer itself any more."""
    while isinstance(node, typed.Not):
        node = node.operand
    is_pointer = _tested_pointer(node, True) is not None and constant_value(node) is None
    is_number = not is_pointer or isinstance(node, typed.Choice) or bool(c_types.never_null(node))
    if is_number or isinstance(condition, Chain | Ternary | Infix):
        return condition
    if isinstance(condition, Prefix) and condition.operator == "!":
        return Infix("==", condition.operand, NULL)
    return Infix("!=", condition, NULL)
