# SPDX-License-Identifier: GPL-2.0-only
"""Types as C writes them."""

from __future__ import annotations

import pytest

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.declare import declaration
from lttng_addon_kit.kernel.types import (
    Argument,
    Array,
    Enum,
    Forward,
    Function,
    Integer,
    Pointer,
    Qualified,
    Struct,
    Type,
    Typedef,
    Void,
)

INT = Integer("int", 4, signed=True)
CHAR = Integer("char", 1, signed=True)
SKB = Struct("struct", "sk_buff", 232, 1)
UNNAMED = Struct("struct", "", 8, 2)
STATE = Enum("", 4, signed=False, values=(("A", 0),))
REASON = Enum("reason", 8, signed=True, values=(("A", -1),))
HANDLER = Function((Argument("", INT), Argument("", Pointer(Void()))), INT)


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (INT, "int x"),
        (Integer("long unsigned int", 8, signed=False), "unsigned long x"),
        (Integer("_Bool", 1, signed=False), "bool x"),
        (Pointer(Qualified("const", SKB)), "const struct sk_buff *x"),
        (Qualified("const", Pointer(SKB)), "struct sk_buff *const x"),
        (Pointer(Qualified("user", Qualified("const", CHAR))), "const char __user *x"),
        (Pointer(Qualified("no_such_tag", SKB)), "struct sk_buff *x"),
        (Array(CHAR, 16), "char x[16]"),
        (Array(Array(INT, 3), 2), "int x[2][3]"),
        (Array(Pointer(CHAR), 4), "char *x[4]"),
        (Pointer(Array(CHAR, 4)), "char (*x)[4]"),
        (Pointer(HANDLER), "int (*x)(int, void *)"),
        (Array(Pointer(HANDLER), 2), "int (*x[2])(int, void *)"),
        (Pointer(Function((), Pointer(HANDLER))), "int (*(*x)(void))(int, void *)"),
        (Pointer(Function((Argument("", Pointer(CHAR)),), Void(), variadic=True)), "void (*x)(char *, ...)"),
        (Qualified("const", Array(CHAR, 4)), "const char x[4]"),
        (Pointer(Forward("union", "later")), "union later *x"),
        (Pointer(UNNAMED), "void *x"),
        (STATE, "unsigned int x"),
        (REASON, "enum reason x"),
        (Typedef("state_t", STATE), "state_t x"),
    ],
)
def test_declaration(type_: Type, text: str) -> None:
    assert declaration(type_, "x") == text


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (Array(CHAR, 16), "char[16]"),
        (Pointer(SKB), "struct sk_buff *"),
        (Pointer(HANDLER), "int (*)(int, void *)"),
        (Pointer(Array(CHAR, 4)), "char (*)[4]"),
    ],
)
def test_without_a_name(type_: Type, text: str) -> None:
    assert declaration(type_) == text


def test_what_is_not_defined_is_written_as_what_is_behind_it() -> None:
    def nothing(kind: str, name: str) -> bool:
        return False

    assert declaration(Typedef("handler_t", Pointer(HANDLER)), "x", nothing) == "int (*x)(int, void *)"
    assert declaration(Pointer(Typedef("name_t", Array(CHAR, 4))), "x", nothing) == "char (*x)[4]"
    assert declaration(Qualified("const", Typedef("p", Pointer(INT))), "x", nothing) == "int *const x"
    assert declaration(REASON, "x", nothing) == "long long x"
    assert declaration(Pointer(Typedef("hidden_t", UNNAMED)), "x", nothing) == "void *x"


def test_a_struct_without_a_name_by_value() -> None:
    with pytest.raises(KitError, match="can't be declared"):
        declaration(UNNAMED, "x")
    assert declaration(Array(UNNAMED, 2), "x", unnamed="{...}") == "struct {...} x[2]"
