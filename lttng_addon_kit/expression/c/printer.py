# SPDX-License-Identifier: GPL-2.0-only
"""C trees -> text as the kernel writes it: 80 columns, tabs of 8, only the parentheses that are needed.

Needed are C's own, and those that gcc's -Wparentheses and the kernel's readers want: `(a & b) == c`, `(a && b) || c`.
What is too long is folded after a comma, `&&` or `||`, and goes on below what it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto

from lttng_addon_kit.expression.c.c_tree import (
    Assignment,
    C,
    Chain,
    Do,
    FunctionCall,
    Identifier,
    If,
    Infix,
    Level,
    MemberAccess,
    NumberLiteral,
    Prefix,
    Return,
    Statement,
    StringLiteral,
    Subscript,
    Ternary,
    TypeCast,
)

_LINE = 80
_TAB = 8
# How tightly the operands of a binary operator must bind to need no parentheses; all others: Level.UNARY.
_OPERANDS = {
    Level.PRODUCT: (Level.PRODUCT, Level.UNARY),
    Level.SUM: (Level.SUM, Level.PRODUCT),
    Level.ORDER: (Level.SUM, Level.SUM),
    Level.EQUALITY: (Level.SUM, Level.SUM),
}


class Mark(Enum):
    """What folding must know of a text beside its characters."""

    OPEN = auto()
    CLOSE = auto()
    BREAK = auto()


Piece = str | Mark
_SPELLING = {Mark.OPEN: "(", Mark.CLOSE: ")", Mark.BREAK: " "}


def text(node: C) -> str:
    """An expression on one line."""
    return _joined(pieces(node))


def lines(statements: Sequence[Statement], depth: int = 1) -> list[str]:
    """Statements as lines of kernel-style C, `depth` tabs deep."""
    indent = "\t" * depth
    result: list[str] = []
    for statement in statements:
        match statement:
            case If():
                result += _condition(statement.condition, f"{indent}if (", ")")
                result += lines([statement.body], depth + 1)
            case Return(value=None):
                result.append(f"{indent}return;")
            case Return(value=C() as value):
                result += fold(f"{indent}return ", [*pieces(value), ";"])
            case Do(expression=Assignment() as assignment):
                result += _assignment(assignment, indent)
            case Do():
                result += fold(indent, [*pieces(statement.expression), ";"])
    return result


def folded(items: Sequence[str], begin: str, end: str) -> str:
    """`begin` + the items, separated by commas + `end`: a list of parameters or arguments.

    Continuation lines are aligned below the first item. Where an item is too long for that, the items begin on a line
    of their own, one tab deeper.
    """
    separated = [*(f"{item}," for item in items[:-1]), f"{items[-1] if items else ''}{end}"]
    column = _width(begin)
    rest = [piece for item in separated for piece in (Mark.BREAK, item)][1:]
    if not items or all(column + _width(item) <= _LINE for item in separated):
        return "\n".join(fold(begin, rest, column))
    column = (len(begin) - len(begin.lstrip("\t")) + 1) * _TAB
    return "\n".join([begin, *fold(_indentation(column), rest, column)])


def parameters(declarations: Sequence[str], begin: str, end: str) -> str:
    """As `folded`, for a function's parameters, of which C wants `void` for none."""
    return folded(declarations or ("void",), begin, end)


def fold(begin: str, rest: Sequence[Piece], column: int | None = None) -> list[str]:
    """`begin` and the pieces behind it, folded at the last break that fits.

    Continuation lines are aligned with the inside of the parentheses that are open there, or begin at `column`, which
    is where the pieces begin if it is not given; then a line of which nothing fits stays as it is.
    """
    line = begin + _joined(rest)
    breaks = [at for at, piece in enumerate(rest) if piece is Mark.BREAK]
    if _width(line) <= _LINE or not breaks:
        return [line]
    fitting = [at for at in breaks if _width(begin + _joined(rest[:at])) <= _LINE]
    if not fitting and column is None:
        return [line]
    at = fitting[-1] if fitting else breaks[0]
    head = rest[:at]
    inside = _open_parentheses(head)
    column = _width(begin) if column is None else column
    if inside is not None:
        column = _width(begin + _joined(head[: inside + 1]))
    return [begin + _joined(head), *fold(_indentation(column), rest[at + 1 :])]


def pieces(node: C, level: Level = Level.ASSIGNMENT) -> Iterator[Piece]:
    """An expression as an operand of something that binds as tightly as `level`."""
    if node.level >= level:
        yield from _pieces(node)
    else:
        yield Mark.OPEN
        yield from _pieces(node)
        yield Mark.CLOSE


def c_string(content: str | bytes) -> str:
    """A C string literal of exactly these bytes (a text's in UTF-8), whatever is in it."""
    data = content.encode() if isinstance(content, str) else content
    return '"' + "".join(_c_byte(byte) for byte in data) + '"'


def _c_byte(byte: int) -> str:
    character = chr(byte)
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return r"\n"
    # Octal, three digits: unlike \x it can't swallow a digit that follows. "?" could begin a trigraph.
    return character if 0x20 <= byte < 0x7F and character != "?" else f"\\{byte:03o}"


def _pieces(node: C) -> Iterator[Piece]:
    match node:
        case Identifier():
            yield node.name
        case NumberLiteral():
            yield node.spelling
        case StringLiteral():
            yield c_string(node.value)
        case Subscript():
            yield from (*pieces(node.base, Level.PRIMARY), "[", *pieces(node.index, Level.CHOICE), "]")
        case MemberAccess():
            yield from (*pieces(node.base, Level.PRIMARY), node.operator, node.member)
        case FunctionCall():
            yield from (node.function, Mark.OPEN, *_separated(node.arguments, ",", Level.CHOICE), Mark.CLOSE)
        case TypeCast():
            yield from (f"({node.type})", *pieces(node.operand, Level.UNARY))
        case Prefix():
            yield node.operator + (" " if _begins_with(node.operand, node.operator) else "")
            yield from pieces(node.operand, Level.UNARY)
        case Infix():
            left, right = _OPERANDS.get(node.level, (Level.UNARY, Level.UNARY))
            yield from (*pieces(node.left, left), f" {node.operator} ", *pieces(node.right, right))
        case Chain():
            # A choice or a chain of the other operator needs parentheses; comparisons read well without.
            yield from _separated(node.conditions, f" {node.operator}", Level.EQUALITY)
        case Ternary():
            yield from (*pieces(node.condition, Level.OR), " ? ", *pieces(node.yes, Level.OR))
            yield from (" : ", *pieces(node.no, Level.CHOICE))
        case Assignment():
            yield from (*pieces(node.target, Level.UNARY), " = ", *pieces(node.value, Level.CHOICE))


def _separated(nodes: Sequence[C], separator: str, level: Level) -> Iterator[Piece]:
    for index, node in enumerate(nodes):
        if index:
            yield separator
            yield Mark.BREAK
        yield from pieces(node, level)


def _begins_with(operand: C, operator: str) -> bool:
    """Whether `operator operand` without a blank would be another operator, as `--x`."""
    if isinstance(operand, NumberLiteral):
        return operand.is_negative and operator == "-"
    return isinstance(operand, Prefix) and operand.operator == operator


def _assignment(assignment: Assignment, indent: str) -> list[str]:
    value = assignment.value
    begin = f"{indent}{text(assignment.target)} = "
    whole = [*pieces(value, Level.CHOICE), ";"]
    if not isinstance(value, Ternary) or _width(begin + _joined(whole)) <= _LINE:
        return fold(begin, whole)
    branches = [*pieces(value.yes, Level.OR), " : ", *pieces(value.no, Level.CHOICE), ";"]
    return [*fold(begin, [*pieces(value.condition, Level.OR), " ?"]), *fold(f"{indent}\t", branches)]


def _condition(condition: C, begin: str, end: str) -> list[str]:
    """A condition on one line if it fits; else folded after its outermost `&&` or `||`, aligned, and so on inwards."""
    whole = [*pieces(condition, Level.CHOICE), end]
    if not isinstance(condition, Chain) or _width(begin + _joined(whole)) <= _LINE:
        return fold(begin, whole)
    align = _indentation(_width(begin))
    result: list[str] = []
    is_open = False
    for index, part in enumerate(condition.conditions):
        after = f" {condition.operator}" if index < len(condition.conditions) - 1 else end
        operand = [*pieces(part, Level.EQUALITY), after]
        # Nothing more on the last line of what had to be folded itself.
        if is_open and _width(f"{result[-1]} {_joined(operand)}") <= _LINE:
            result[-1] += f" {_joined(operand)}"
            continue
        head = align if result else begin
        written = _condition(part, f"{head}(", f"){after}") if isinstance(part, Chain) else fold(head, operand)
        is_open = len(written) == 1
        result += written
    return result


def _open_parentheses(head: Sequence[Piece]) -> int | None:
    """Where the last parenthesis that is still open at the end stands."""
    depth = 0
    for at in range(len(head) - 1, -1, -1):
        depth += (head[at] is Mark.OPEN) - (head[at] is Mark.CLOSE)
        if depth > 0:
            return at
    return None


def _joined(parts: Sequence[Piece] | Iterator[Piece]) -> str:
    return "".join(part if isinstance(part, str) else _SPELLING[part] for part in parts)


def _indentation(column: int) -> str:
    return "\t" * (column // _TAB) + " " * (column % _TAB)


def _width(line: str) -> int:
    return len(line.expandtabs(_TAB))
