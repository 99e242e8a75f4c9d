"""Conditions: C expressions that are true or false, how they are joined and negated."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.expression.c.c_tree import (
    FALSE,
    TRUE,
    ZERO,
    Assignment,
    C,
    Chain,
    Infix,
    Level,
    Prefix,
    Ternary,
)

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def truth(value: C) -> C:
    """Whether a number or pointer is not 0."""
    is_mask = isinstance(value, Infix) and value.operator == "&"
    if value.level >= Level.UNARY or is_mask or isinstance(value, Assignment):
        return value
    # gcc's -Wint-in-bool-context: a product, shift or choice as a condition is mostly a slip.
    return Infix("!=", value, ZERO)


def negated(condition: C) -> C:
    """What is true where a condition is not."""
    match condition:
        case Infix() if condition.operator in _OPPOSITE:
            return Infix(_OPPOSITE[condition.operator], condition.left, condition.right)
        case Chain():
            parts = [negated(part) for part in condition.conditions]
            return either(parts) if condition.operator == "&&" else every(parts)
        case Ternary():
            return Ternary(condition.condition, negated(condition.yes), negated(condition.no))
        case Prefix(operator="!"):
            return condition.operand
    if condition in (TRUE, FALSE):
        return FALSE if condition == TRUE else TRUE
    return Prefix("!", condition)


def every(parts: Sequence[C]) -> C:
    """All of some conditions, flat."""
    flat = _flat("&&", parts)
    return flat[0] if len(flat) == 1 else Chain("&&", tuple(flat))


def either(parts: Sequence[C]) -> C:
    """Any of some conditions, flat."""
    flat = _flat("||", parts)
    return flat[0] if len(flat) == 1 else Chain("||", tuple(flat))


def _flat(operator: str, parts: Sequence[C]) -> list[C]:
    flat: list[C] = []
    for part in parts:
        flat.extend(part.conditions if isinstance(part, Chain) and part.operator == operator else [part])
    return flat
