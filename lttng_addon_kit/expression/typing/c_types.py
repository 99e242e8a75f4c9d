# SPDX-License-Identifier: GPL-2.0-only
"""C's rules on types, for x86-64 and arm64 Linux (LP64): which is what, and what operators make of them."""

from __future__ import annotations

from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.user_memory import is_user_address, is_user_pointer
from lttng_addon_kit.kernel.declare import declaration
from lttng_addon_kit.kernel.types import (
    Array,
    Enum,
    Integer,
    Pointer,
    Qualified,
    Type,
    Typedef,
    Void,
    strip,
)

INT = Integer("int", 4, True)
UNSIGNED_INT = Integer("unsigned int", 4, False)
LONG = Integer("long", 8, True)
UNSIGNED_LONG = Integer("unsigned long", 8, False)
LONG_LONG = Integer("long long", 8, True)
UNSIGNED_LONG_LONG = Integer("unsigned long long", 8, False)
BOOL = Integer("_Bool", 1, False, is_bool=True)
C_BOOL = Typedef("bool", BOOL)
CHAR = Integer("char", 1, True)
TEXT = Pointer(Qualified("const", CHAR))
VOID = Void()
U8 = Typedef("u8", Integer("unsigned char", 1, False))
U16 = Typedef("u16", Integer("unsigned short", 2, False))
U32 = Typedef("u32", UNSIGNED_INT)
U64 = Typedef("u64", UNSIGNED_LONG_LONG)
SIZE = Typedef("size_t", UNSIGNED_LONG)
UNSIGNED_BY_SIZE = {1: U8, 2: U16, 4: U32, 8: U64}
BE16 = Typedef("__be16", U16)
BE32 = Typedef("__be32", U32)
BE64 = Typedef("__be64", U64)

_BY_NAME: dict[str, Type] = {
    "char": CHAR,
    "signed char": Integer("signed char", 1, True),
    "unsigned char": Integer("unsigned char", 1, False),
    "short": Integer("short", 2, True),
    "unsigned short": Integer("unsigned short", 2, False),
    "int": INT,
    "unsigned int": UNSIGNED_INT,
    "long": LONG,
    "unsigned long": UNSIGNED_LONG,
    "long long": LONG_LONG,
    "unsigned long long": UNSIGNED_LONG_LONG,
    "_Bool": BOOL,
    "void": VOID,
}


def plain_type(words: str) -> Type | None:
    """One of C's own types from its words in any legal order ("long unsigned int"), or None."""
    given = words.split()
    if "int" in given and len(given) > 1:
        given.remove("int")
    if "signed" in given and "char" not in given:
        given.remove("signed")
    sign = ["unsigned"] if "unsigned" in given else ["signed"] if "signed" in given else []
    rest = [word for word in given if word not in sign] or ["int"]
    return _BY_NAME.get(" ".join(sign + rest))


def number(type_: Type) -> Integer | Enum | None:
    """The integer or enum behind a type, or None."""
    plain = strip(type_)
    return plain if isinstance(plain, Integer | Enum) else None


def pointer(type_: Type) -> Pointer | None:
    """The pointer behind a type (arrays are not: `decayed` makes them one), or None."""
    plain = strip(type_)
    return plain if isinstance(plain, Pointer) else None


def decayed(type_: Type) -> Type:
    """What an array is where a value is wanted: a pointer to its first element."""
    plain = strip(type_)
    return Pointer(plain.element) if isinstance(plain, Array) else type_


def is_char(type_: Type) -> bool:
    """Whether it is C's plain `char`: arrays and pointers of it are text, those of u8 are bytes."""
    plain = strip(type_)
    return isinstance(plain, Integer) and plain.name == "char"


def is_text(node: typed.Node) -> bool:
    """Whether a value is text: a constant, a bounded text, a char array or a pointer to char, but not to user space."""
    if isinstance(node, typed.TextConstant | typed.TextValue) or _is_name(node):
        return True
    plain = strip(node.type)
    if isinstance(plain, Array):
        return is_char(plain.element)
    if not isinstance(plain, Pointer) or is_user_pointer(plain) or is_user_address(node):
        return False
    return is_char(plain.target)


def may_be_text(node: typed.Node) -> bool:
    """Whether a value is text where it meets one, as in a comparison: bytes (`unsigned char`) are, too."""
    plain = strip(decayed(node.type))
    byte = strip(plain.target) if isinstance(plain, Pointer) else None
    is_bytes = isinstance(byte, Integer) and byte.name == "unsigned char"
    return is_text(node) or (is_bytes and not is_user_pointer(plain) and not _is_pointer_there(node))


def _is_pointer_there(node: typed.Node) -> bool:
    return isinstance(strip(node.type), Pointer) and is_user_address(node)


def _is_name(node: typed.Node) -> bool:
    """Whether it is the text of a struct qstr, whose type says bytes (include/linux/dcache.h)."""
    return isinstance(node, typed.MemberRead) and (node.owner.name, node.name) == ("qstr", "name")


def is_truth(node: typed.Node) -> bool:
    """Whether it is 0 or 1 by its type: a comparison, a `bool`."""
    plain = strip(node.type)
    return node.type == BOOL or (isinstance(plain, Integer) and plain.is_bool)


def never_null(node: typed.Node) -> str:
    """What a pointer is that always leads somewhere, in words; "" if it may be NULL."""
    match node:
        case typed.AddressOf():
            return "the address of something"
        case typed.PerCpuAddress():
            return "the address of a per-CPU variable"
        case typed.FunctionValue(never_null=what) if what:
            return what
        case typed.Arithmetic() if pointer(node.type):
            return "a pointer with a number added"
        case typed.Conversion() if pointer(node.type) and pointer(decayed(node.operand.type)):
            return never_null(node.operand)
    if isinstance(node, typed.TextConstant) or isinstance(strip(node.type), Array):
        return "a text" if is_text(node) else f"an array ({words(node.type)})"
    return ""


def is_volatile(type_: Type) -> bool:
    """Whether a type, or that of an array's elements, is `volatile`."""
    while isinstance(type_, Typedef | Qualified | Array):
        if isinstance(type_, Qualified) and type_.qualifier == "volatile":
            return True
        type_ = type_.element if isinstance(type_, Array) else type_.target
    return False


def promoted(type_: Type) -> Integer:
    """C's integer promotion; `type_` must be a number's."""
    plain = number(type_)
    assert plain is not None
    if plain.size < INT.size:
        return INT
    if isinstance(plain, Enum):
        return INT if plain.signed and plain.size == 4 else UNSIGNED_INT if plain.size == 4 else UNSIGNED_LONG
    if "long long" in plain.name:
        return LONG_LONG if plain.signed else UNSIGNED_LONG_LONG
    if plain.size == INT.size:
        return INT if plain.signed else UNSIGNED_INT
    return LONG if plain.signed else UNSIGNED_LONG


def common(left: Type, right: Type) -> Integer:
    """C's usual arithmetic conversions; both must be numbers'."""
    first, second = promoted(left), promoted(right)
    wide = first if _rank(first) >= _rank(second) else second
    if first.signed == second.signed:
        return wide
    unsigned = second if first.signed else first
    signed = first if first.signed else second
    if signed.size > unsigned.size:
        return signed
    return _unsigned(wide)


def _rank(type_: Integer) -> tuple[int, bool]:
    return type_.size, "long long" in type_.name


def _unsigned(type_: Integer) -> Integer:
    if type_.size <= INT.size:
        return UNSIGNED_INT
    return UNSIGNED_LONG_LONG if "long long" in type_.name else UNSIGNED_LONG


def unqualified(type_: Type) -> Type:
    """Without the qualifiers of the value itself: what a local copy of it is declared as."""
    while isinstance(type_, Qualified):
        type_ = type_.target
    return type_


def words(type_: Type) -> str:
    """A type as a message names it, which is as C does: "struct sk_buff *", "char[16]", "u32"."""
    return declaration(type_, unnamed="{...}")
