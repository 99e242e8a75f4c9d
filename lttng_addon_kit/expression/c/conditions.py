"""Conditions as trees of tests, each of which can be written as it is or negated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c import operators
from lttng_addon_kit.expression.c.operators import C

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Test:
    """One test: the C that is true when it holds, and the C that is true when it fails."""

    holds: C
    fails: C

    def __invert__(self) -> Test:
        return Test(self.fails, self.holds)


@dataclass(frozen=True)
class All:
    """Conditions joined by `&&`."""

    parts: tuple[Condition, ...]

    def __invert__(self) -> Some:
        return Some(tuple(~part for part in self.parts))


@dataclass(frozen=True)
class Some:
    """Conditions joined by `||`."""

    parts: tuple[Condition, ...]

    def __invert__(self) -> All:
        return All(tuple(~part for part in self.parts))


Condition = Test | All | Some


def truth(value: C) -> Test:
    """Whether a number or pointer is not 0."""
    is_mask = value.level == operators.BITS and "&" in value.text.split()
    if value.level in (operators.PRIMARY, operators.UNARY) or is_mask:
        return Test(value, operators.prefix("!", value))
    # gcc's -Wint-in-bool-context: a product, shift or choice as a condition is mostly a slip.
    return compared("!=", value, C("0"))


def compared(operator: str, left: C, right: C) -> Test:
    """A comparison, and its opposite."""
    return Test(operators.binary(operator, left, right), operators.binary(_OPPOSITE[operator], left, right))


def every(parts: Sequence[Condition]) -> Condition:
    """All of some conditions, flat."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, All) else [part])
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def either(parts: Sequence[Condition]) -> Condition:
    """Any of some conditions, flat."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Some) else [part])
    return flat[0] if len(flat) == 1 else Some(tuple(flat))


def c_text(condition: Condition) -> C:
    """The condition as C."""
    match condition:
        case Test():
            return condition.holds
        case All():
            return C(" && ".join(operands(condition)), operators.AND)
        case Some():
            return C(" || ".join(operands(condition)), operators.OR)


def operands(condition: Condition) -> list[str]:
    """The texts that the outermost `&&` or `||` joins (one text: there is none)."""
    if isinstance(condition, Test):
        return [condition.holds.text]
    # A choice or a chain of the other operator needs parentheses; comparisons read well without.
    return [c_text(part).within(operators.EQUALITY) for part in condition.parts]
