# SPDX-License-Identifier: GPL-2.0-only
"""Text -> syntax tree, by pycparser. What C has and this language lacks is refused here.

The generated C is written from the tree alone: no character of the user's text gets past this file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Literal, cast

from pycparser import c_ast
from pycparser.c_parser import CParser, ParseError

from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.syntax import Node, Span, TypeName
from lttng_addon_kit.expression.syntax.tokens import Tokens

_DEEPEST = 60
_ERROR = re.compile(r".*?:2:(?P<column>\d+): (?P<message>.*)", re.DOTALL)
_INTEGER = re.compile(r"(?P<digits>0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)(?P<suffix>[uUlL]*)")
# container_of has a type among its arguments, which C's grammar lacks: `struct rq` is parsed as one name.
_TYPE_ARGUMENT = re.compile(r",\s*((?:struct|union)\s+[A-Za-z_]\w*)(?=\s*[,)])")
# What may be a cast to an unknown type.
_IN_PARENTHESES = re.compile(r"\(\s*([A-Za-z_]\w*)[\s*]*\)")
# `in` is parsed as an operator of C that is as long, and binds as Python's does: as a comparison.
_MEMBERSHIP = "<="
# What people write who come from other languages.
_C_OPERATORS = {"and": "&&", "or": "||", "not": "!", "is": "==", "mod": "%"}
_MISPLACED = {
    **{word: f"C writes {operator}" for word, operator in _C_OPERATORS.items()},
    "in": "a key stands before it, the name of a [[table]] after it: key in NAME",
}


def parse(text: str, is_type: Callable[[str], bool] = lambda name: False) -> Node:
    """The syntax tree of one C expression.

    Args:
        text: the expression; it may go over several lines.
        is_type: whether a name is a typedef's, which decides what `(name)x` means.

    Raises:
        ExpressionError: not one C expression, or one with a part that this language lacks.
    """
    line = re.sub(r"\s", " ", text)
    tokens = Tokens(text)
    for span in tokens.memberships():
        line = line[: span.start] + _MEMBERSHIP + line[span.end :]
    line = _TYPE_ARGUMENT.sub(lambda found: found.group().replace(found[1], found[1].replace(" ", "$")), line)
    typedefs = {word for word in re.findall(r"[A-Za-z_]\w*", line) if is_type(word)}
    try:
        tree = _tree(line, typedefs)
    except ParseError as problem:
        # A type used as a value, or a cast to an unknown type: name lookup reports these better.
        tree = _tree_if_right(line, set()) or _tree_if_right(line, typedefs | set(_IN_PARENTHESES.findall(line)))
        if tree is None:
            raise _syntax_error(str(problem), tokens, text) from None
    except RecursionError:
        raise _too_deep(text) from None
    return _Translation(tokens, text).node(tree)


def parse_type_name(text: str, is_type: Callable[[str], bool]) -> TypeName:
    """A type's name in C, as "const struct sk_buff *".

    Raises:
        ExpressionError: the text is no type's name.
    """
    node = parse(f"({text})0", is_type) if re.fullmatch(r"[\w\s*]+", text) else None
    if not isinstance(node, syntax.Cast):
        raise ExpressionError("this is no type", Span(0, len(text)))
    return TypeName(Span(0, len(text)), node.type.kind, node.type.name, node.type.pointers)


def _tree(line: str, typedefs: set[str]) -> c_ast.Node:
    source = "".join(f"typedef int {name};" for name in sorted(typedefs))
    return CParser().parse(f"{source}int expression = (\n{line}\n);", "").ext[-1].init


def _tree_if_right(line: str, typedefs: set[str]) -> c_ast.Node | None:
    try:
        return _tree(line, typedefs)
    except ParseError:
        return None


def _syntax_error(message: str, tokens: Tokens, text: str) -> ExpressionError:
    found = _ERROR.match(message)
    if not found or int(found["column"]) > len(text):
        return ExpressionError(*tokens.first_gap())
    span = Span(int(found["column"]) - 1, 1)
    try:
        span = tokens.at(span.start)
    except KeyError:
        return ExpressionError(f"not a C expression: {found['message']}", span)
    word = text[span.start : span.end]
    return ExpressionError(
        f"'{word}' can't stand here: an operator is missing before it, or it is misplaced",
        span,
        hint=_MISPLACED.get(word, ""),
    )


def _too_deep(text: str) -> ExpressionError:
    return ExpressionError(
        "this expression is nested too deeply",
        Span(0, len(text)),
        hint="write a function in a C file of your own ([module] sources) and call it",
    )


class _Translation:
    """pycparser's tree -> ours, with spans."""

    def __init__(self, tokens: Tokens, text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._depth = 0

    def node(self, node: c_ast.Node) -> Node:
        translate = getattr(self, f"_{type(node).__name__.lower()}", None)
        if translate is None:
            raise ExpressionError(
                f"{_WORDS.get(type(node).__name__, 'this')} is not part of the expressions' language",
                self._leaf(node),
            )
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _too_deep(self._text)
        result = cast(Node, translate(node))
        self._depth -= 1
        return result

    def _leaf(self, node: c_ast.Node) -> Span:
        """The token at a node's own coordinates, or the whole text where it has none."""
        try:
            return self._tokens.at(node.coord.column - 1)
        except (AttributeError, KeyError):
            return Span(0, len(self._text))

    def _operand(self, node: Node) -> Span:
        return self._tokens.with_parentheses(node.span)

    def _id(self, node: c_ast.ID) -> Node:
        kind, _, type_ = node.name.partition("$")
        if kind and type_:
            raise ExpressionError(
                f"'{kind} {type_.lstrip('$')}' is a type, but a value is needed here",
                Span(node.coord.column - 1, len(node.name)),
            )
        return syntax.Name(self._leaf(node), node.name)

    def _constant(self, node: c_ast.Constant) -> Node:
        span = self._leaf(node)
        if node.value.startswith('"'):
            return syntax.Text(span, _bytes(node.value, span))
        if node.value.startswith("'"):
            return _character(node.value, span)
        integer = _INTEGER.fullmatch(node.value)
        if not integer:
            raise ExpressionError(f"{node.value} is not an integer: the kernel computes with integers only", span)
        return _number(integer["digits"].lower(), integer["suffix"].lower(), span)

    def _structref(self, node: c_ast.StructRef) -> Node:
        base = self.node(node.name)
        name_span = self._leaf(node.field)
        outer = self._operand(base)
        return syntax.Access(outer.to(name_span), base, node.type, node.field.name, name_span)

    def _arrayref(self, node: c_ast.ArrayRef) -> Node:
        base = self.node(node.name)
        outer = self._operand(base)
        return syntax.Index(outer.to(self._tokens.after(outer)), base, self.node(node.subscript))

    def _unaryop(self, node: c_ast.UnaryOp) -> Node:
        if node.op == "sizeof":
            return self._sizeof(node)
        operand = self.node(node.expr)
        outer = self._operand(operand)
        if node.op in ("++", "--", "p++", "p--"):
            operator = self._tokens.after(outer) if node.op.startswith("p") else self._tokens.before(outer)
            raise ExpressionError(f"'{node.op.lstrip('p')}' changes a value: an expression only reads", operator)
        return syntax.Unary(self._tokens.before(outer).to(outer), node.op, operand)

    def _sizeof(self, node: c_ast.UnaryOp) -> Node:
        word = self._leaf(node)
        if isinstance(node.expr, c_ast.Typename):
            parentheses = self._tokens.after(word)
            return syntax.SizeOf(word.to(parentheses), self._type_name(node.expr, parentheses))
        operand = self.node(node.expr)
        return syntax.SizeOf(word.to(self._operand(operand)), operand)

    def _binaryop(self, node: c_ast.BinaryOp) -> Node:
        left, right = self.node(node.left), self.node(node.right)
        if node.op == _MEMBERSHIP and self._tokens.after(self._operand(left)) in self._tokens.memberships():
            return syntax.Membership(self._operand(left).to(self._operand(right)), left, right)
        return syntax.Binary(self._operand(left).to(self._operand(right)), node.op, left, right)

    def _ternaryop(self, node: c_ast.TernaryOp) -> Node:
        condition, yes, no = self.node(node.cond), self.node(node.iftrue), self.node(node.iffalse)
        return syntax.Conditional(self._operand(condition).to(self._operand(no)), condition, yes, no)

    def _cast(self, node: c_ast.Cast) -> Node:
        operand = self.node(node.expr)
        outer = self._operand(operand)
        parentheses = self._tokens.before(outer)
        return syntax.Cast(parentheses.to(outer), self._type_name(node.to_type, parentheses), operand)

    def _funccall(self, node: c_ast.FuncCall) -> Node:
        if not isinstance(node.name, c_ast.ID):
            raise ExpressionError("only a function's name can be called", self._operand(self.node(node.name)))
        name_span = self._leaf(node.name)
        span = name_span.to(self._tokens.after(name_span))
        given = node.args.exprs if node.args else []
        if node.name.name == "container_of":
            return self._container_of(span, given)
        arguments = tuple(self.node(argument) for argument in given)
        return syntax.Call(span, node.name.name, name_span, arguments)

    def _container_of(self, span: Span, given: list[c_ast.Node]) -> Node:
        usage = "container_of takes a pointer, a struct type and a member: container_of(ptr, struct foo, bar)"
        if len(given) != 3 or not isinstance(given[1], c_ast.ID) or "$" not in given[1].name:
            raise ExpressionError(usage, span)
        kind, _, name = given[1].name.partition("$")
        if kind not in ("struct", "union"):
            raise ExpressionError(usage, span)
        start = given[1].coord.column - 1
        type_ = TypeName(Span(start, len(given[1].name)), kind, name.lstrip("$"), 0)
        path = []
        step = given[2]
        while isinstance(step, c_ast.StructRef) and step.type == ".":
            path.append(syntax.Name(self._leaf(step.field), step.field.name))
            step = step.name
        if not isinstance(step, c_ast.ID):
            raise ExpressionError(usage, span)
        path.append(syntax.Name(self._leaf(step), step.name))
        return syntax.ContainerOf(span, self.node(given[0]), type_, tuple(reversed(path)))

    def _assignment(self, node: c_ast.Assignment) -> Node:
        left = self._operand(self.node(node.lvalue))
        raise ExpressionError(
            f"'{node.op}' changes a value: an expression only reads",
            self._tokens.after(left),
            hint="compare with '=='" if node.op == "=" else "",
        )

    def _exprlist(self, node: c_ast.ExprList) -> Node:
        first = self._operand(self.node(node.exprs[0]))
        raise ExpressionError("',' is not part of the expressions' language outside a call", self._tokens.after(first))

    def _type_name(self, node: c_ast.Typename, parentheses: Span) -> TypeName:
        span = _inside(self._text, parentheses)
        pointers = 0
        declarator = node.type
        while isinstance(declarator, c_ast.PtrDecl):
            pointers += 1
            declarator = declarator.type
        if not isinstance(declarator, c_ast.TypeDecl):
            raise ExpressionError("only pointers, structs, typedefs, enums and integers can be named here", span)
        named = declarator.type
        if isinstance(named, c_ast.IdentifierType):
            return TypeName(span, "", " ".join(named.names), pointers)
        kind = type(named).__name__.lower()
        if not isinstance(named, c_ast.Struct | c_ast.Union | c_ast.Enum) or not named.name:
            raise ExpressionError("a type can be named here, not declared", span)
        return TypeName(span, cast(Literal["struct", "union", "enum"], kind), named.name, pointers)


_WORDS = {
    "Compound": "a block of statements",
    "CompoundLiteral": "a compound literal",
    "GenericSelection": "_Generic",
    "Typename": "a type's name",
    "InitList": "a list in braces",
}


def _inside(text: str, parentheses: Span) -> Span:
    inner = text[parentheses.start + 1 : parentheses.end - 1]
    blanks = len(inner) - len(inner.lstrip())
    return Span(parentheses.start + 1 + blanks, len(inner.strip()))


def _number(digits: str, suffix: str, span: Span) -> Node:
    is_octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
    value = int(digits, 8) if is_octal else int(digits, 0)
    if value >= 2**64:
        raise ExpressionError(f"{digits} does not fit 64 bits", span)
    return syntax.Number(span, value, digits, suffix)


def _bytes(literal: str, span: Span) -> bytes:
    """The bytes of a C string literal; Python's escapes are C's, but for the few that are refused."""
    if strange := re.search(r"\\[^abfnrtvx0-7\\'\"?]|\\x(?![0-9a-fA-F]{2}(?![0-9a-fA-F]))", literal):
        raise ExpressionError(f"unknown escape {strange.group()} (of C's, \\n \\t \\\\ \\\" \\0 \\xHH are known)", span)
    body = literal[1:-1].replace("\\?", "?")
    text = ast.literal_eval('"' + body + '"')
    if "\0" in text:
        raise ExpressionError("a text ends at its first NUL; there can't be one inside", span)
    escapes_are_bytes = re.search(r"\\[x0-7]", literal) is not None
    try:
        return cast(str, text).encode("latin-1" if escapes_are_bytes else "utf-8")
    except UnicodeEncodeError:
        raise ExpressionError("a text has either letters beyond ASCII or escapes of bytes, not both", span) from None


def _character(literal: str, span: Span) -> Node:
    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        value = ""
    if len(value) != 1 or ord(value) > 127:
        hint = f'a text stands in double quotes: "{literal[1:-1]}"' if literal[1:-1].isalnum() else ""
        raise ExpressionError(f"{literal} is not one ASCII character", span, hint=hint)
    code = ord(value)
    spelling = literal if value.isprintable() and value not in "'\\" else f"'\\{code:03o}'"
    return syntax.Number(span, code, spelling, is_character=True)
