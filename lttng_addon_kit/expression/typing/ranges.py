"""Comparisons with a constant whose outcome is certain before anything runs: they can only be slips."""

from __future__ import annotations

from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.kernel.types import Integer, strip

_ALL_BITS = (1 << 64) - 1


def certain(operator: str, node: typed.Node, value: int) -> str:
    """Why `node operator value` has the same outcome whatever the node is, as a sentence; "" if it has several."""
    if operator in ("==", "!=") and not _may_have_bits(node, value):
        return _sentence("these bits are", operator == "!=", operator, value)
    range_ = _range(node)
    if range_ is None:
        return ""
    low, high = range_
    if operator in ("==", "!="):
        return "" if low <= value <= high else _sentence(_said(low, high), operator == "!=", operator, value)
    outcome = _ordered(operator, low, value)
    return _sentence(_said(low, high), outcome, operator, value) if outcome == _ordered(operator, high, value) else ""


def _may_have_bits(node: typed.Node, value: int) -> bool:
    """Whether a value is possible that was made by `&` or `|` with a constant."""
    if not isinstance(node, typed.Arithmetic):
        return True
    masks = [mask for each in (node.left, node.right) if (mask := constant_value(each)) is not None]
    match node.operator:
        case "&":
            return all(value & ~mask & _ALL_BITS == 0 for mask in masks)
        case "|":
            return all(mask & ~value & _ALL_BITS == 0 for mask in masks)
    return True


def _range(node: typed.Node) -> tuple[int, int] | None:
    """The least and the largest value, for what is narrower than C computes with; None otherwise."""
    if c_types.is_truth(node):
        return 0, 1
    plain = strip(node.type)
    if not isinstance(plain, Integer):
        return None
    bits = node.bit_size if isinstance(node, typed.MemberRead) and node.bit_size else 8 * plain.size
    if bits >= 8 * c_types.INT.size:
        return None
    return (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if plain.signed else (0, (1 << bits) - 1)


def _ordered(operator: str, left: int, right: int) -> bool:
    if operator in ("<", ">="):
        return (left < right) == (operator == "<")
    return (left > right) == (operator == ">")


def _said(low: int, high: int) -> str:
    return f"this is {low} or {high}," if high == low + 1 else f"this is {low} to {high},"


def _sentence(begin: str, outcome: bool, operator: str, value: int) -> str:
    if operator in ("==", "!="):
        # The same in fewer negations.
        return f"{begin} never {value}"
    return f"{begin} {'always' if outcome else 'never'} {operator} {value}"
