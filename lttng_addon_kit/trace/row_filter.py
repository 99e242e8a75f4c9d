# SPDX-License-Identifier: GPL-2.0-only
"""`--where`: an expression over an event's columns, in the syntax of an addon's filters, on whole batches at once.

Operators are C's. Integers compare by their values, whatever their signs; text compares with text, an enumeration's
labels and addresses are text. Where an event lacks a value (a variant's option), its row does not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow
from pyarrow import compute

from lttng_addon_kit.errors import UsageError, nearest
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.parse import parse

_COMPARE = {
    "==": compute.equal,
    "!=": compute.not_equal,
    "<": compute.less,
    "<=": compute.less_equal,
    ">": compute.greater,
    ">=": compute.greater_equal,
}
_COMPUTE = {
    "+": compute.add,
    "-": compute.subtract,
    "*": compute.multiply,
    "/": compute.divide,
    "&": compute.bit_wise_and,
    "|": compute.bit_wise_or,
    "^": compute.bit_wise_xor,
    "<<": compute.shift_left,
    ">>": compute.shift_right,
}
_LOGIC = {"&&": compute.and_kleene, "||": compute.or_kleene}
_EXACT = pyarrow.decimal128(38, 0)


@dataclass(frozen=True)
class RowFilter:
    """An expression that decides which rows are wanted; `names` are the columns that it reads."""

    text: str
    tree: syntax.Node
    names: frozenset[str]

    def apply(self, batch: Any) -> Any:
        """The rows of a record batch that pass; None where the batch lacks a column.

        Raises:
            UsageError: its columns are not of types that the expression can use.
        """
        if not self.names <= set(batch.schema.names):
            return None
        try:
            passed = _truth(_Evaluation(batch).value(self.tree), self.tree)
        except ExpressionError as error:
            raise _refused(self.text, error) from None
        except pyarrow.ArrowInvalid as problem:
            raise UsageError(f"--where {self.text}: {problem}") from None
        if isinstance(passed, pyarrow.Scalar):
            return batch if passed.as_py() else batch.slice(0, 0)
        return batch.filter(passed)


def read_row_filter(text: str) -> RowFilter:
    """Read the text of a filter of rows.

    Raises:
        UsageError: it is no expression, or has what columns of values have no meaning for.
    """
    try:
        tree = parse(text)
        return RowFilter(text, tree, frozenset(_names(tree)))
    except ExpressionError as error:
        raise _refused(text, error) from None


def refuse_unknown(where: RowFilter, columns: Iterable[str]) -> UsageError:
    """The error for a filter that no event has all the columns of."""
    known = sorted(set(columns))
    unknown = sorted(where.names - set(known))
    if not unknown:
        return UsageError(f"no event has all of {', '.join(sorted(where.names))}", hint="name the event: --event NAME")
    hint = nearest(unknown[0], known) or f"fields are {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}"
    return UsageError(f"no event has a field {unknown[0]!r}", hint=hint)


def _refused(text: str, error: ExpressionError) -> UsageError:
    line = text.replace("\n", " ").replace("\t", " ")
    mark = " " * error.span.start + "^" + "~" * max(0, error.span.length - 1)
    return UsageError(f"--where: {error.message}", hint=error.hint, details=f"  {line}\n  {mark}")


def _names(node: syntax.Node) -> Iterable[str]:
    """The columns that an expression reads; refuses what it may not have."""
    match node:
        case syntax.Name():
            yield _name(node)
        case syntax.Access():
            yield _path(node)
        case syntax.Number() | syntax.Text():
            return
        case syntax.Unary(operator="-" | "+" | "~" | "!"):
            yield from _names(node.operand)
        case syntax.Binary():
            yield from (*_names(node.left), *_names(node.right))
        case syntax.Conditional():
            yield from (*_names(node.condition), *_names(node.yes), *_names(node.no))
        case syntax.Call():
            yield from _call_names(node)
        case _:
            raise ExpressionError("this has no meaning for recorded values", node.span)


def _name(node: syntax.Name) -> str:
    if node.name.startswith("$"):
        raise ExpressionError(f"'{node.name}' is known while an event is recorded only", node.span)
    return node.name


def _path(node: syntax.Access) -> str:
    """A member of a recorded structure, or of the context: `context.pid`."""
    if node.operator == "->" or not isinstance(node.base, syntax.Access | syntax.Name):
        raise ExpressionError("a recorded value leads nowhere", node.span, hint="fields are named as `view` shows them")
    return f"{_path(node.base) if isinstance(node.base, syntax.Access) else _name(node.base)}.{node.name}"


def _call_names(node: syntax.Call) -> Iterable[str]:
    if node.function not in _FUNCTIONS:
        hint = nearest(node.function, _FUNCTIONS) or f"functions are {', '.join(_FUNCTIONS)}"
        raise ExpressionError(f"there is no function {node.function}() of recorded values", node.span, hint=hint)
    if len(node.arguments) < 2 or not all(isinstance(each, syntax.Number | syntax.Text) for each in node.arguments[1:]):
        raise ExpressionError(f"{node.function}() takes a field, and constants", node.span)
    yield from _names(node.arguments[0])


class _Evaluation:
    """The values of an expression's parts, for the rows of one batch: arrays, or scalars for constants."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def value(self, node: syntax.Node) -> Any:
        match node:
            case syntax.Name():
                return self._column(node.name)
            case syntax.Access():
                return self._column(_path(node))
            case syntax.Number():
                return pyarrow.scalar(node.value, pyarrow.int64() if node.value < 1 << 63 else pyarrow.uint64())
            case syntax.Text():
                return pyarrow.scalar(node.value.decode("utf-8", "replace"))
            case syntax.Unary():
                return self._unary(node)
            case syntax.Binary():
                return self._binary(node)
            case syntax.Conditional():
                condition = _truth(self.value(node.condition), node.condition)
                return compute.if_else(condition, *_alike(self.value(node.yes), self.value(node.no), node))
            case syntax.Call():
                constants = [self.value(each) for each in node.arguments[1:]]
                return _FUNCTIONS[node.function](self.value(node.arguments[0]), constants, node)
        raise AssertionError(node)

    def _column(self, name: str) -> Any:
        column = self._batch.column(name)
        if pyarrow.types.is_dictionary(column.type):
            return column.cast(pyarrow.utf8())
        return column.cast(pyarrow.int64()) if pyarrow.types.is_timestamp(column.type) else column

    def _unary(self, node: syntax.Unary) -> Any:
        value = self.value(node.operand)
        if node.operator == "!":
            return compute.invert(_truth(value, node.operand))
        _need_numbers(node.operand, value)
        if node.operator == "-":
            return compute.negate(value.cast(_signed(value.type)))
        return compute.bit_wise_not(value) if node.operator == "~" else value

    def _binary(self, node: syntax.Binary) -> Any:
        if node.operator in _LOGIC:
            left, right = (_truth(self.value(each), each) for each in (node.left, node.right))
            return _LOGIC[node.operator](left, right)
        left, right = self.value(node.left), self.value(node.right)
        if node.operator in _COMPARE:
            return _COMPARE[node.operator](*_alike(left, right, node))
        _need_numbers(node, left, right)
        left, right = _as_c(left, right)
        if node.operator == "%":
            return compute.subtract(left, compute.multiply(compute.divide(left, right), right))
        return _COMPUTE[node.operator](left, right)


def _truth(value: Any, node: syntax.Node) -> Any:
    """A value as true or false: numbers are true unless 0, text is neither."""
    if pyarrow.types.is_boolean(value.type):
        return value
    _need_numbers(node, value)
    return compute.not_equal(value, pyarrow.scalar(0, value.type))


def _need_numbers(node: syntax.Node, *values: Any) -> None:
    for value in values:
        if not _is_number(value.type):
            what = "a text" if pyarrow.types.is_string(value.type) else "an array"
            raise ExpressionError(f"a number is needed here, but this is {what}", node.span)


def _is_number(type_: Any) -> bool:
    return any(test(type_) for test in (pyarrow.types.is_integer, pyarrow.types.is_floating, pyarrow.types.is_boolean))


def _alike(left: Any, right: Any, node: syntax.Node) -> tuple[Any, Any]:
    """Two values in a type in which they compare as what they are."""
    if pyarrow.types.is_string(left.type) and pyarrow.types.is_string(right.type):
        return left, right
    if not (_is_number(left.type) and _is_number(right.type)):
        words = " and ".join(_word(each.type) for each in (left, right))
        raise ExpressionError(f"{words} can't be compared", node.span)
    if any(pyarrow.types.is_floating(each.type) for each in (left, right)):
        return left.cast(pyarrow.float64()), right.cast(pyarrow.float64())
    left, right = _as_integers(left), _as_integers(right)
    if left.type == right.type:
        return left, right
    if pyarrow.uint64() in (left.type, right.type):
        return left.cast(_EXACT), right.cast(_EXACT)
    return left.cast(pyarrow.int64()), right.cast(pyarrow.int64())


def _as_c(left: Any, right: Any) -> tuple[Any, Any]:
    """Two numbers in the type in which C computes with them, at 64 bits."""
    if any(pyarrow.types.is_floating(each.type) for each in (left, right)):
        return left.cast(pyarrow.float64()), right.cast(pyarrow.float64())
    left, right = _as_integers(left), _as_integers(right)
    type_ = pyarrow.uint64() if pyarrow.uint64() in (left.type, right.type) else pyarrow.int64()
    return left.cast(type_, safe=False), right.cast(type_, safe=False)


def _as_integers(value: Any) -> Any:
    return value.cast(pyarrow.int8()) if pyarrow.types.is_boolean(value.type) else value


def _signed(type_: Any) -> Any:
    return type_ if pyarrow.types.is_floating(type_) else pyarrow.int64()


def _word(type_: Any) -> str:
    if _is_number(type_):
        return "a number"
    return "a text" if pyarrow.types.is_string(type_) else "an array"


def _starts_with(value: Any, constants: list[Any], node: syntax.Call) -> Any:
    _need_texts(node, value, *constants)
    return reduce(compute.or_kleene, (compute.starts_with(value, each.as_py()) for each in constants))


def _contains(value: Any, constants: list[Any], node: syntax.Call) -> Any:
    _need_texts(node, value, *constants)
    return reduce(compute.or_kleene, (compute.match_substring(value, each.as_py()) for each in constants))


def _one_of(value: Any, constants: list[Any], node: syntax.Call) -> Any:
    return reduce(compute.or_kleene, (compute.equal(*_alike(value, each, node)) for each in constants))


def _need_texts(node: syntax.Call, *values: Any) -> None:
    if not all(pyarrow.types.is_string(each.type) for each in values):
        raise ExpressionError(f"{node.function}() compares texts", node.span)


_FUNCTIONS: dict[str, Callable[[Any, list[Any], syntax.Call], Any]] = {
    "startswith": _starts_with,
    "contains": _contains,
    "one_of": _one_of,
}
