# SPDX-License-Identifier: GPL-2.0-only
"""C trees as text: parentheses, folding, lists."""

from __future__ import annotations

import subprocess
from pathlib import Path

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
from lttng_addon_kit.expression.c.printer import c_string, folded, lines, parameters, text

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


def test_short_list_stays_on_one_line() -> None:
    assert folded(["int a", "int b"], "static void f(", ")") == "static void f(int a, int b)"


def test_long_list_is_aligned_below_its_first_item() -> None:
    items = [f"unsigned long argument_{number}" for number in range(4)]
    lines = folded(items, "static void probe(", ");").split("\n")
    assert max(len(line.expandtabs()) for line in lines) <= 80
    assert all(line.startswith("\t\t  unsigned") for line in lines[1:])


def test_list_with_an_item_that_is_too_long_begins_a_tab_deeper() -> None:
    assert folded(["cpu", "x" * 70], "\tcollect(", ");").split("\n") == ["\tcollect(", "\t\tcpu,", f"\t\t{'x' * 70});"]


def test_empty_list() -> None:
    assert folded([], "f(", ");") == "f();"
    assert parameters([], "f(", ");") == "f(void);"


@pytest.mark.parametrize("content", ["lo", 'a"b', "\\", "??/", "é", "\x01" + "2", 'x"; panic(); "', "%s%n", "\t", ""])
def test_c_string_is_the_text(content: str, tmp_path: Path) -> None:
    source = tmp_path / "text.c"
    source.write_text(f"#include <stdio.h>\nint main(void) {{ return fputs({c_string(content)}, stdout) < 0; }}\n")
    subprocess.run(["gcc", "-Wall", "-Werror", "-trigraphs", "-o", tmp_path / "text", source], check=True)
    assert subprocess.run([tmp_path / "text"], check=True, capture_output=True).stdout == content.encode()
