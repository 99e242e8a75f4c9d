# SPDX-License-Identifier: GPL-2.0-only
"""C trees -> text as the kernel writes it: 80 columns, tabs of 8, only the parentheses that are needed.

Needed are C's own, and those that gcc's -Wparentheses and the kernel's readers want: `(a & b) == c`, `(a && b) || c`.
What is too long is folded, and goes on below what it belongs to.
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
    Goto,
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
    BREAK_IN_LIST = auto()
    BREAK_IN_CHAIN = auto()
    BREAK_IN_CHOICE = auto()
    BREAK_IN_OPERATION = auto()


Piece = str | Mark
# Where a line may end: after a comma, `&&` or `||`, `?` or `:`, another operator; the best first.
_BREAKS = (Mark.BREAK_IN_LIST, Mark.BREAK_IN_CHAIN, Mark.BREAK_IN_CHOICE, Mark.BREAK_IN_OPERATION)
_SPELLING = {Mark.OPEN: "(", Mark.CLOSE: ")", **dict.fromkeys(_BREAKS, " ")}


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
            case Goto():
                result.append(f"{indent}goto {statement.label};")
            case Return(value=None):
                result.append(f"{indent}return;")
            case Return(value=C() as value):
                result += fold(f"{indent}return ", [*pieces(value), ";"])
            case Do(expression=Assignment() as assignment):
                result += _assignment(assignment, indent)
            case Do():
                result += fold(indent, [*pieces(statement.expression), ";"])
    return result


def folded(items: Sequence[str | C], begin: str, end: str) -> str:
    """`begin` + the items, separated by commas + `end`: a list of parameters or arguments.

    Continuation lines are aligned below the first item. Where an item is too long for that, the items begin on a line
    of their own, one tab deeper.
    """
    written: list[list[Piece]] = [[item] if isinstance(item, str) else [*pieces(item, Level.CHOICE)] for item in items]
    separated = [[*item, ","] for item in written[:-1]] + [[*(written[-1] if written else ()), end]]
    rest = [piece for item in separated for piece in (Mark.BREAK_IN_LIST, *item)][1:]
    column = _width(begin)
    if not items or all(column + _width(_joined(item)) <= _LINE for item in separated):
        return "\n".join(fold(begin, rest, column))
    column = (len(begin) - len(begin.lstrip("\t")) + 1) * _TAB
    return "\n".join([begin.rstrip(" "), *fold(_indentation(column), rest, column)])


def parameters(declarations: Sequence[str], begin: str, end: str) -> str:
    """As `folded`, for a function's parameters, of which C wants `void` for none."""
    return folded(declarations or ("void",), begin, end)


def fold(begin: str, rest: Sequence[Piece], column: int | None = None) -> list[str]:
    """`begin` and the pieces behind it, as lines of at most 80 columns, as far as there are breaks.

    Continuation lines are aligned with the inside of the parentheses that are open there; where none is, they begin at
    `column`, which is where the pieces begin if it is not given.
    """
    lines: list[str] = []
    columns = [_width(begin) if column is None else column]
    while _width(begin + _joined(rest)) > _LINE:
        at = _best_break(begin, rest)
        if at is None:
            break
        head = rest[:at]
        for index, piece in enumerate(head, start=1):
            if piece is Mark.OPEN:
                columns.append(_width(begin + _joined(head[:index])))
            elif piece is Mark.CLOSE and len(columns) > 1:
                columns.pop()
        lines.append(begin + _joined(head))
        begin, rest = _indentation(columns[-1]), rest[at + 1 :]
    return [*lines, begin + _joined(rest)]


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
            yield from (node.function, Mark.OPEN, *_arguments(node.arguments), Mark.CLOSE)
        case TypeCast():
            yield from (f"({node.type})", *pieces(node.operand, Level.UNARY))
        case Prefix():
            yield node.operator + (" " if _begins_with(node.operand, node.operator) else "")
            yield from pieces(node.operand, Level.UNARY)
        case Infix():
            left, right = _OPERANDS.get(node.level, (Level.UNARY, Level.UNARY))
            yield from (*pieces(node.left, left), f" {node.operator}", Mark.BREAK_IN_OPERATION)
            yield from pieces(node.right, right)
        case Chain():
            # A choice or a chain of the other operator needs parentheses; comparisons read well without.
            for index, condition in enumerate(node.conditions):
                yield from (f" {node.operator}", Mark.BREAK_IN_CHAIN) if index else ()
                yield from pieces(condition, Level.EQUALITY)
        case Ternary():
            yield from (*pieces(node.condition, Level.OR), " ?", Mark.BREAK_IN_CHOICE)
            yield from _branches(node)
        case Assignment():
            yield from (*pieces(node.target, Level.UNARY), " = ", *pieces(node.value, Level.CHOICE))


def _branches(choice: Ternary) -> Iterator[Piece]:
    yield from (*pieces(choice.yes, Level.OR), " :", Mark.BREAK_IN_CHOICE, *pieces(choice.no, Level.CHOICE))


def _arguments(nodes: Sequence[C]) -> Iterator[Piece]:
    for index, node in enumerate(nodes):
        yield from (",", Mark.BREAK_IN_LIST) if index else ()
        yield from pieces(node, Level.CHOICE)


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
    return [
        *fold(begin, [*pieces(value.condition, Level.OR), " ?"]),
        *fold(f"{indent}\t", [*_branches(value), ";"]),
    ]


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


def _best_break(begin: str, rest: Sequence[Piece]) -> int | None:
    """The last of the best breaks whose line fits, or the first one if none does.

    The fewer parentheses are open at a break, the better it is; then its kind decides.
    """
    breaks: dict[int, tuple[int, int]] = {}
    depth = 0
    for at, piece in enumerate(rest):
        depth += (piece is Mark.OPEN) - (piece is Mark.CLOSE)
        if piece in _BREAKS:
            breaks[at] = (depth, _BREAKS.index(piece))
    fitting = [at for at in breaks if _width(begin + _joined(rest[:at])) <= _LINE]
    if not fitting:
        return next(iter(breaks), None)
    best = min(breaks[at] for at in fitting)
    return max(at for at in fitting if breaks[at] == best)


def _joined(parts: Sequence[Piece] | Iterator[Piece]) -> str:
    return "".join(part if isinstance(part, str) else _SPELLING[part] for part in parts)


def _indentation(column: int) -> str:
    return "\t" * (column // _TAB) + " " * (column % _TAB)


def _width(line: str) -> int:
    return len(line.expandtabs(_TAB))
