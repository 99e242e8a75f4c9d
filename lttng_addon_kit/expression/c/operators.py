"""Pieces of C text that know how tightly they bind, so that only needed parentheses are written.

Needed are C's own, and those that gcc's -Wparentheses and the kernel's readers want: `(a & b) == c`, `(a && b) || c`.
"""

from __future__ import annotations

from dataclasses import dataclass

PRIMARY, UNARY, PRODUCT, SUM, SHIFT, ORDER, EQUALITY, BITS, AND, OR, CHOICE, ASSIGNMENT = range(12, 0, -1)

_LEVEL = {
    **dict.fromkeys(("*", "/", "%"), PRODUCT),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("<<", ">>"), SHIFT),
    **dict.fromkeys(("<", ">", "<=", ">="), ORDER),
    **dict.fromkeys(("==", "!="), EQUALITY),
    **dict.fromkeys(("&", "^", "|"), BITS),
}


@dataclass(frozen=True)
class C:
    """A C expression's text, and the level of its loosest operator."""

    text: str
    level: int = PRIMARY

    def within(self, level: int) -> str:
        """The text as an operand of something that binds as tightly as `level`."""
        return self.text if self.level >= level else f"({self.text})"


def prefix(operator: str, operand: C) -> C:
    """`operator operand`; `- -x` doesn't become a decrement."""
    text = operand.within(UNARY)
    return C(f"{operator} {text}" if text[0] == operator else f"{operator}{text}", UNARY)


def binary(operator: str, left: C, right: C) -> C:
    """`left operator right`, for all of C's binary operators but `&&` and `||`."""
    level = _LEVEL[operator]
    match level:
        case 10:
            return C(f"{left.within(PRODUCT)} {operator} {right.within(UNARY)}", level)
        case 9:
            return C(f"{left.within(SUM)} {operator} {right.within(PRODUCT)}", level)
        case 7 | 6:
            return C(f"{left.within(SUM)} {operator} {right.within(SUM)}", level)
    return C(f"{left.within(UNARY)} {operator} {right.within(UNARY)}", level)


def choice(condition: C, yes: C, no: C) -> C:
    """`condition ? yes : no`."""
    return C(f"{condition.within(OR)} ? {yes.within(OR)} : {no.within(CHOICE)}", CHOICE)


def call(function: str, *arguments: C | str) -> C:
    """`function(arguments)`."""
    texts = [each if isinstance(each, str) else each.within(ASSIGNMENT) for each in arguments]
    return C(f"{function}({', '.join(texts)})")


def cast(type_: str, operand: C) -> C:
    """`(type_)operand`."""
    return C(f"({type_}){operand.within(UNARY)}", UNARY)


def address(operand: C) -> C:
    """`&operand`; of what a pointer points to, that pointer."""
    return C(operand.text[1:]) if operand.text.startswith("*") else prefix("&", operand)


def assignment(target: str, value: C) -> C:
    """`target = value`, as an operand: in parentheses."""
    return C(f"({target} = {value.within(CHOICE)})")
