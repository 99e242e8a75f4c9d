"""The C statements that an event's filter and fields become, and how kernel code writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.conditions import All, Condition, Test, c_text, operands
from lttng_addon_kit.expression.c.operators import C

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
        return _folded(line)
    condition, _, rest = line.partition(" ? ")
    return [*_folded(f"{condition} ?"), *_folded(f"{indent}\t{rest}")]


def _condition(condition: Condition, begin: str, end: str) -> list[str]:
    """A condition on one line if it fits; else folded after its outermost `&&` or `||`, aligned, and so on inwards."""
    whole = begin + c_text(condition).text + end
    if _width(whole) <= _LINE:
        return [whole]
    if isinstance(condition, Test):
        return _folded(whole)
    operator = " &&" if isinstance(condition, All) else " ||"
    align = _indented(_width(begin))
    result: list[str] = []
    is_open = False
    for part, text in zip(condition.parts, operands(condition), strict=True):
        after = end if part is condition.parts[-1] else operator
        # Nothing more on the last line of what had to be folded itself.
        if is_open and _width(f"{result[-1]} {text}{after}") <= _LINE:
            result[-1] += f" {text}{after}"
            continue
        head = align if result else begin
        written = _folded(head + text + after) if isinstance(part, Test) else _condition(part, f"{head}(", f"){after}")
        is_open = len(written) == 1
        result += written
    return result


def _folded(line: str) -> list[str]:
    """A long line folded at the last comma, `&&` or `||` that fits; what follows is aligned with what it belongs to."""
    breaks = [
        found.end() for found in re.finditer(r"(?:,| &&| \|\|) ", line) if _width(line[: found.end() - 1]) <= _LINE
    ]
    breaks = [at for at in breaks if line[:at].count('"') % 2 == 0]
    if _width(line) <= _LINE or not breaks:
        return [line]
    head = line[: breaks[-1]]
    align = _indented(_width(head[: _begin_of_operands(head)]))
    return [head.rstrip(), *_folded(align + line[breaks[-1] :])]


def _begin_of_operands(text: str) -> int:
    """Where the operands begin that the last one is among: after the last open parenthesis, or a statement's `=`."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth > 0:
            return index + 1
    begin = re.match(r"\s*(?:\w+ = )?", text)
    assert begin is not None
    return begin.end()


def _indented(column: int) -> str:
    return "\t" * (column // _TAB) + " " * (column % _TAB)


def _width(line: str) -> int:
    return len(line.expandtabs(_TAB))
