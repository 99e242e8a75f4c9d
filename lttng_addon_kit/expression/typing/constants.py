"""The value of expressions that have one before anything runs, and what is wrong with it."""

from __future__ import annotations

from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.kernel.types import Type


def constant_value(node: typed.Node) -> int | None:
    """The integer that an expression always is, or None; as C computes it, in the node's type."""
    match node:
        case typed.Constant():
            return node.value
        case typed.Conversion() if c_types.number(node.type):
            value = constant_value(node.operand)
            return None if value is None else _wrapped(value, node.type)
        case typed.Sign():
            value = constant_value(node.operand)
            if value is None:
                return None
            return _wrapped(-value if node.operator == "-" else ~value, node.type)
        case typed.Arithmetic() if c_types.number(node.type):
            left, right = constant_value(node.left), constant_value(node.right)
            if left is None or right is None:
                return None
            return _computed(node, left, right)
    return None


def number(node: syntax.Number) -> typed.Constant:
    """A number as C reads it: the first type in C's order that it fits.

    Raises:
        ExpressionError: it fits none.
    """
    if node.is_character:
        return typed.Constant(c_types.INT, node.span, node.value, node.spelling)
    is_decimal = not node.spelling.startswith("0")
    candidates = [c_types.INT, c_types.UNSIGNED_INT, c_types.LONG, c_types.UNSIGNED_LONG]
    if "ll" in node.suffix:
        candidates = [c_types.LONG_LONG, c_types.UNSIGNED_LONG_LONG]
    elif "l" in node.suffix:
        candidates = [c_types.LONG, c_types.UNSIGNED_LONG]
    for type_ in candidates:
        if "u" in node.suffix and type_.signed:
            continue
        if is_decimal and not type_.signed and "u" not in node.suffix and node.value < 2**63:
            continue
        if node.value < 1 << (8 * type_.size - type_.signed):
            is_large = node.value >= 2**63 and not node.suffix
            suffix = "u" if is_large else node.suffix
            return typed.Constant(type_, node.span, node.value, node.spelling + suffix)
    raise ExpressionError(f"{node.spelling}{node.suffix} does not fit its type", node.span)


def _computed(node: typed.Arithmetic, left: int, right: int) -> int:
    left, right = (
        _wrapped(left, node.type),
        right if node.operator in ("<<", ">>") else _wrapped(right, node.type),
    )
    match node.operator:
        case "+":
            exact = left + right
        case "-":
            exact = left - right
        case "*":
            exact = left * right
        case "/":
            exact = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        case "%":
            exact = abs(left) % abs(right) * (-1 if left < 0 else 1)
        case "<<":
            return _wrapped(left << right, node.type)
        case ">>":
            exact = left >> right
        case "&":
            exact = left & right
        case "|":
            exact = left | right
        case _:
            exact = left ^ right
    plain = c_types.number(node.type)
    if plain and plain.signed and _wrapped(exact, node.type) != exact:
        raise ExpressionError(
            f"{exact} does not fit {c_types.words(node.type)}",
            node.span,
            hint="make one operand wider, as in 1ull",
        )
    return _wrapped(exact, node.type)


def _wrapped(value: int, type_: Type) -> int:
    plain = c_types.number(type_)
    assert plain is not None
    bits = 8 * plain.size
    value &= (1 << bits) - 1
    return value - (1 << bits) if plain.signed and value >> (bits - 1) else value
