# SPDX-License-Identifier: GPL-2.0-only
"""An expression's tokens: where they are, and which brackets belong together.

pycparser tells where names and constants are, but not where an operand ends; that is found here.
What could leave the expression that it stands in, or is no part of one, is refused here as well, before parsing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.syntax import Span

LONGEST = 2000

_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<word>\$?[A-Za-z_]\w*)
    | (?P<number>\.?[0-9](?:[eEpP][+-]|[\w.'])*)
    | (?P<text>"(?:\\.|[^"\\\n])*")
    | (?P<character>'(?:\\.|[^'\\\n])*')
    | (?P<comment>/\*|//)
    | (?P<operator><<=|>>=|\+\+|--|->|&&|\|\||<<|>>|[<>=!+\-*/%&|^]=|[-+*/%&|^~!<>=?:.,()\[\]])
    """,
    re.VERBOSE | re.ASCII,
)
_DOLLAR = "'$' begins a parameter's name, as in $device"
_CLOSER = {"(": ")", "[": "]"}
_STRANGE = {
    ";": "an expression has no ';' in it",
    "{": "braces (statements, compound literals) are not part of an expression",
    "}": "braces (statements, compound literals) are not part of an expression",
    "#": "'#' is not part of an expression",
    '"': 'this text has no closing "',
    "'": "this character has no closing '",
    "\\": "a '\\' belongs inside a text or a character",
    "$": _DOLLAR,
}
# Words of C, and gcc's, that no expression of this language has: what they are, or what to write.
_OTHER_WORDS = {
    **dict.fromkeys(("asm", "__asm__", "__attribute__", "__extension__", "_Generic", "_Alignof", "typeof"), ""),
    **dict.fromkeys(("__typeof__", "_Static_assert", "offsetof", "__builtin_offsetof"), ""),
    **dict.fromkeys(("while", "for", "do", "goto", "return", "break", "continue", "switch"), "it is a statement"),
    "if": "write condition ? value : other",
}
_BINARY_ONLY = frozenset(re.findall(r"\S+", "/ % | ^ < > <= >= == != << >> && || ? : . -> , ) ] ="))


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    span: Span


class Tokens:
    """The tokens of one expression.

    Raises:
        ExpressionError: something that no expression holds, or a bracket without its other half.
    """

    def __init__(self, text: str) -> None:
        self._tokens = _split(text)
        self._partner = _matched(self._tokens)
        self._at = {token.span.start: index for index, token in enumerate(self._tokens)}
        self._ends = {token.span.end: index for index, token in enumerate(self._tokens)}

    def at(self, offset: int) -> Span:
        """The token that begins at `offset`; texts that follow each other count as one."""
        index = self._at[offset]
        last = index
        while self._tokens[index].kind == "text" and last + 1 < len(self._tokens):
            if self._tokens[last + 1].kind != "text":
                break
            last += 1
        return self._tokens[index].span.to(self._tokens[last].span)

    def with_parentheses(self, span: Span) -> Span:
        """The span with every pair of parentheses that is around exactly it."""
        first, last = self._at[span.start], self._ends[span.end]
        while self._partner.get(first - 1) == last + 1 and self._tokens[first - 1].text == "(":
            first, last = first - 1, last + 1
        return self._tokens[first].span.to(self._tokens[last].span)

    def before(self, span: Span) -> Span:
        """The token before a span; a closing bracket counts with all that it closes."""
        index = self._at[span.start] - 1
        opener = min(index, self._partner.get(index, index))
        return self._tokens[opener].span.to(self._tokens[index].span)

    def after(self, span: Span) -> Span:
        """The token after a span; an opening bracket counts with all that it opens."""
        index = self._ends[span.end] + 1
        return self._tokens[index].span.to(self._tokens[max(index, self._partner.get(index, index))].span)

    def memberships(self) -> list[Span]:
        """The words `in` that are operators: between an operand and a name, where C has no word."""
        found = zip(self._tokens, self._tokens[1:], self._tokens[2:], strict=False)
        return [
            word.span
            for before, word, after in found
            if word.text == "in" and after.kind == "word" and not _wants_operand(before)
        ]

    def first_gap(self) -> tuple[str, Span]:
        """The first place where an operand is missing: a sentence, and the token that stands there instead."""
        previous: Token | None = None
        for token in self._tokens:
            nothing_before = previous is None or _wants_operand(previous)
            empty_call = token.text == ")" and previous is not None and previous.text == "("
            if token.text in _BINARY_ONLY and nothing_before and not empty_call:
                return f"something is missing before '{token.text}'", token.span
            previous = token
        last = self._tokens[-1]
        return f"the expression ends too early, after '{last.text}'", last.span


def _wants_operand(token: Token) -> bool:
    return token.kind == "operator" and token.text not in (")", "]", "++", "--")


def _split(text: str) -> list[Token]:
    if len(text) > LONGEST:
        raise ExpressionError(
            f"an expression has at most {LONGEST} characters, this one {len(text)}",
            Span(0, len(text)),
            hint="write a function in a C file of your own ([module] sources) and call it",
        )
    tokens = []
    offset = 0
    while offset < len(text):
        found = _TOKEN.match(text, offset)
        if not found:
            message = _STRANGE.get(text[offset], f"{text[offset]!r} is not part of a C expression")
            raise ExpressionError(message, Span(offset, 1))
        kind = str(found.lastgroup)
        if kind == "comment":
            raise ExpressionError(
                "an expression has no comment in it", Span(offset, 2), hint="TOML's own begin with '#'"
            )
        if kind != "blank":
            tokens.append(Token(kind, found.group(), Span(offset, len(found.group()))))
            _check_word(tokens)
        offset = found.end()
    if not tokens:
        raise ExpressionError("the expression is empty", Span(0, 0))
    return tokens


def _check_word(tokens: list[Token]) -> None:
    """Refuse a word that is not of this language, and one that makes another kind of a text (`L"text"`)."""
    last = tokens[-1]
    if last.kind == "word" and last.text in _OTHER_WORDS:
        raise ExpressionError(
            f"'{last.text}' is not part of the expressions' language", last.span, hint=_OTHER_WORDS[last.text]
        )
    before = tokens[-2] if len(tokens) > 1 else last
    if before.kind != "word" or before.span.end != last.span.start:
        return
    if last.text.startswith("$"):
        raise ExpressionError(_DOLLAR, Span(last.span.start, 1))
    if last.kind in ("text", "character"):
        raise ExpressionError(f"'{before.text}' can't stand before a text or character", before.span.to(last.span))


def _matched(tokens: list[Token]) -> dict[int, int]:
    """Index of each bracket -> index of its other half."""
    partner: dict[int, int] = {}
    open_: list[int] = []
    for index, token in enumerate(tokens):
        if token.text in _CLOSER:
            open_.append(index)
        elif token.text in _CLOSER.values():
            if not open_ or _CLOSER[tokens[open_[-1]].text] != token.text:
                raise ExpressionError(f"this '{token.text}' closes nothing", token.span)
            partner[index] = open_.pop()
            partner[partner[index]] = index
    if open_:
        opener = tokens[open_[-1]]
        raise ExpressionError(f"this '{opener.text}' is never closed", opener.span)
    return partner
