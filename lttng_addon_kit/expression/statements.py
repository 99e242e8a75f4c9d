"""The C statements that an event's filter and fields become, and how kernel code writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.conditions import All, Condition, Test, c_text, operands
from lttng_addon_kit.expression.fragment import C

_LINE = 80
_TAB = 8


@dataclass(frozen=True)
class Assign:
    """`target = value;`"""

    target: str
    value: C


@dataclass(frozen=True)
class If:
    """`if (condition) statement`, where the statement is one line without its `;`, such as "return"."""

    condition: Condition
    statement: str


Statement = Assign | If


def lines(statements: Sequence[Statement], depth: int = 1) -> list[str]:
    """Statements as lines of kernel-style C, `depth` tabs deep."""
    indent = "\t" * depth
    result: list[str] = []
    for statement in statements:
        match statement:
            case Assign():
                result += _assignment(statement, indent)
            case If():
                result += _condition(statement.condition, f"{indent}if (", ")")
                result.append(f"{indent}\t{statement.statement};")
    return result


def _assignment(statement: Assign, indent: str) -> list[str]:
    line = f"{indent}{statement.target} = {statement.value.text};"
    if _width(line) <= _LINE or " ? " not in statement.value.text:
        return [line]
    condition, _, rest = line.partition(" ? ")
    return [f"{condition} ?", f"{indent}\t{rest}"]


def _condition(condition: Condition, begin: str, end: str) -> list[str]:
    """A condition on one line if it fits, else folded after its outermost `&&` or `||`, aligned."""
    whole = begin + c_text(condition).text + end
    if _width(whole) <= _LINE or isinstance(condition, Test):
        return [whole]
    operator = "&&" if isinstance(condition, All) else "||"
    column = _width(begin)
    align = "\t" * (column // _TAB) + " " * (column % _TAB)
    texts = operands(condition)
    result = [begin]
    for index, text in enumerate(texts):
        joined = text + (f" {operator}" if index < len(texts) - 1 else end)
        if index and _width(result[-1]) + 1 + len(joined) > _LINE:
            result.append(align + joined)
        else:
            result[-1] += (" " if index else "") + joined
    return result


def _width(line: str) -> int:
    return len(line.expandtabs(_TAB))
