"""C trees as text: parentheses, folding, lists."""

from __future__ import annotations

import pytest

from lttng_addon_kit.expression.c.c_tree import (
    NULL,
    Assignment,
    C,
    Chain,
    Do,
    FunctionCall,
    Identifier,
    If,
    Infix,
    MemberAccess,
    Prefix,
    Return,
    StringLiteral,
    Ternary,
    TypeCast,
    call,
    number,
    size_of,
)
from lttng_addon_kit.expression.c.conditions import negated, truth
from lttng_addon_kit.expression.c.printer import folded, lines, text
from lttng_addon_kit.module import c_text

A, B = Identifier("a"), Identifier("b")


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        (Infix("*", Infix("+", A, B), number(-1)), "(a + b) * -1"),
        (Infix("==", Infix("&", A, B), number(1)), "(a & b) == 1"),
        (Prefix("-", number(-1)), "- -1"),
        (Prefix("-", Prefix("-", A)), "- -a"),
        (MemberAccess(TypeCast("struct x *", A), "->", "member"), "((struct x *)a)->member"),
        (Chain("||", (Chain("&&", (A, B)), Ternary(A, B, A))), "(a && b) || (a ? b : a)"),
        (FunctionCall("f", (Assignment(A, B), Ternary(A, B, NULL))), "f((a = b), a ? b : NULL)"),
        (StringLiteral(b'"?\x01'), '"\\"\\077\\001"'),
        (call("f"), "f()"),
    ],
)
def test_only_needed_parentheses(node: C, wanted: str) -> None:
    assert text(node) == wanted


def test_a_statement_is_folded_at_80_columns_below_its_arguments() -> None:
    name = Identifier("a_long_name_of_a_local_variable")
    chosen = Ternary(Identifier("another_long_name"), Identifier("its_value"), StringLiteral(b"a, b && (c"))
    assert lines([Do(call("lttng_addons_text", name, chosen, size_of(name)))]) == [
        "\tlttng_addons_text(a_long_name_of_a_local_variable,",
        '\t\t\t  another_long_name ? its_value : "a, b && (c",',
        "\t\t\t  sizeof(a_long_name_of_a_local_variable));",
    ]


def test_a_body_is_a_tab_deeper() -> None:
    assert lines([If(negated(truth(A)), Return())]) == ["\tif (!a)", "\t\treturn;"]


@pytest.mark.parametrize("condition", [A, Infix("<", A, B), Chain("&&", (A, Prefix("!", B))), Ternary(A, B, A)])
def test_negated_twice_is_the_same(condition: C) -> None:
    assert negated(negated(condition)) == condition


@pytest.mark.parametrize("begin", ["\tf(", "static void a_function_with_a_name_that_is_rather_long("])
@pytest.mark.parametrize("count", [0, 1, 3, 12])
def test_a_list_of_parameters_is_folded_as_in_templates(begin: str, count: int) -> None:
    items = [f"struct some_struct *parameter_{index}" for index in range(count)]
    assert folded(items, begin, ")") == c_text.folded(items, begin, ")")
