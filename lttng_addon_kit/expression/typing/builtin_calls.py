"""The functions that the expressions' language has: what each takes, and what it gives.

A function here gets its arguments typed; adding one is adding an entry to `BUILTINS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.ranges import certain
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Pointer, Struct, Type, strip

LONGEST_TEXT = 4095
# What is copied (nofault, user_text) is copied to the probe's stack, of which the kernel has little.
LONGEST_COPY = 255
MOST_BYTES = 4096
DEEPEST_STACK = 64


@dataclass(frozen=True)
class Use:
    """One call of a function: where it is, and all that its typing needs."""

    span: Span
    arguments: tuple[typed.Node, ...]
    scope: Scope


@dataclass(frozen=True)
class Function:
    """A function of the language; `usage` is its signature, as messages and `docs/expressions.md` have it."""

    usage: str
    least: int
    most: int
    give: Callable[[Use], typed.Node]


def _value(c_text: str, header: str, type_: Type) -> Callable[[Use], typed.Node]:
    return lambda use: typed.Builtin(type_, use.span, c_text, header)


def _comm(use: Use) -> typed.Node:
    # TASK_COMM_LEN (include/linux/sched.h)
    return typed.Builtin(Array(c_types.CHAR, 16), use.span, "current->comm", "linux/sched.h")


def _byte_order(function: str, size: int, result: Type) -> Callable[[Use], typed.Node]:
    def give(use: Use) -> typed.Node:
        (value,) = use.arguments
        plain = c_types.number(value.type)
        if plain is None or (plain.size != size and constant_value(value) is None):
            raise ExpressionError(
                f"{function} takes an integer of {8 * size} bits, this is {c_types.words(value.type)}",
                value.span,
            )
        return typed.Call(result, use.span, function, use.arguments, "asm/byteorder.h")

    return give


def _ip4(use: Use) -> typed.Node:
    (value,) = use.arguments
    plain = strip(value.type)
    if isinstance(plain, Struct) and plain.name == "in_addr":
        found = use.scope.kernel.member(plain, "s_addr")
        if found is not None:
            value = typed.Member(found.type, value.span, value, plain, "s_addr", False, found.bit_offset, 0)
    number = c_types.number(value.type)
    if number is None or number.size != 4:
        raise ExpressionError(
            f"ip4 takes 32 bits in network order (__be32) or a struct in_addr, this is {c_types.words(value.type)}",
            value.span,
        )
    return typed.Address(c_types.BE32, use.span, "ip4", value)


def _address(rendering: typed.Rendering, length: int, struct: str) -> Callable[[Use], typed.Node]:
    wanted = f"{rendering} takes " + (f"a struct {struct}, or " if struct else "")
    wanted += f"an array of {length} bytes, or a pointer to such"

    def give(use: Use) -> typed.Node:
        (value,) = use.arguments
        plain = strip(value.type)
        if isinstance(plain, Struct) and plain.name == struct:
            value = typed.AddressOf(Pointer(value.type), value.span, value)
        elif not _holds_bytes(plain, length, struct):
            raise ExpressionError(f"{wanted}; this is {c_types.words(value.type)}", value.span)
        return typed.Address(Array(c_types.U8, length), use.span, rendering, value)

    return give


def _holds_bytes(plain: Type, length: int, struct: str) -> bool:
    if isinstance(plain, Array):
        element = c_types.number(plain.element)
        return element is not None and element.size == 1 and plain.length >= length
    if not isinstance(plain, Pointer):
        return False
    target = strip(plain.target)
    if isinstance(target, Struct):
        return target.name == struct
    element = c_types.number(target)
    return element is not None and element.size == 1


def _startswith(use: Use) -> typed.Node:
    text, prefix = use.arguments
    if not c_types.is_text(text):
        raise ExpressionError(f"startswith takes texts, this is {c_types.words(text.type)}", text.span)
    if not isinstance(prefix, typed.TextConstant) and not (
        isinstance(prefix, typed.ParameterValue) and c_types.is_text(prefix)
    ):
        raise ExpressionError('a prefix is a text like "eth" or a text parameter', prefix.span)
    check_text_ends(text)
    check_text_fits(text, prefix, "begin with")
    return typed.StartsWith(c_types.BOOL, use.span, text, prefix)


def check_text_fits(text: typed.Node, constant: typed.Node, verb: str) -> None:
    """Refuse to compare a char array with a text that it can't hold."""
    plain = strip(text.type)
    longest = text.limit if isinstance(text, typed.BoundedText) else plain.length if isinstance(plain, Array) else None
    if longest is not None and isinstance(constant, typed.TextConstant) and len(constant.value) > longest:
        raise ExpressionError(
            f"a text of at most {longest} characters never can {verb} one of {len(constant.value)}", constant.span
        )


def check_text_ends(text: typed.Node) -> None:
    """Refuse a char array of which nobody knows where it ends."""
    plain = strip(text.type)
    if isinstance(plain, Array) and plain.length == 0:
        raise ExpressionError("this array has no length of its own", text.span, hint="write text(x, max)")


def _one_of(use: Use) -> typed.Node:
    value, options = use.arguments[0], use.arguments[1:]
    wants_text = c_types.is_text(value)
    if not wants_text and c_types.number(value.type) is None:
        raise ExpressionError(f"one_of takes a number or a text, this is {c_types.words(value.type)}", value.span)
    check_text_ends(value)
    if _is_fixed(value):
        raise ExpressionError("this never changes: there is nothing to compare", value.span)
    for option in options:
        number = constant_value(option)
        if number is not None and not wants_text and (reason := certain("==", value, number)):
            raise ExpressionError(reason, value.span)
        if not _is_fixed(option):
            raise ExpressionError(
                "one_of compares with constants and parameters", option.span, hint="write x == a || x == b"
            )
        if c_types.is_text(option) != wants_text:
            kinds = ("texts", "a number") if wants_text else ("numbers", "a text")
            raise ExpressionError(f"this one_of compares {kinds[0]}, this is {kinds[1]}", option.span)
        if wants_text:
            check_text_fits(value, option, "be")
    return typed.OneOf(c_types.BOOL, use.span, value, options)


def _is_fixed(node: typed.Node) -> bool:
    """Whether it is made of constants and parameters alone, so that no pointer is followed for it."""
    below = list(typed.children(node))
    leaf = isinstance(node, typed.Constant | typed.TextConstant | typed.ParameterValue)
    return leaf or (bool(below) and all(_is_fixed(each) for each in below))


def _limit(node: typed.Node, most: int, what: str) -> int:
    value = constant_value(node)
    if value is None or not 1 <= value <= most:
        raise ExpressionError(f"{what} must be a constant from 1 to {most}", node.span)
    return value


def _text(use: Use) -> typed.Node:
    value, limit = use.arguments
    target = _target(value)
    element = c_types.number(target) if target is not None else None
    if element is None or element.size != 1:
        raise ExpressionError(
            f"text takes a pointer to characters or bytes, this is {c_types.words(value.type)}", value.span
        )
    _refuse_user_pointer(value, "user_text")
    most = LONGEST_COPY if use.scope.nofault else LONGEST_TEXT
    return typed.BoundedText(c_types.TEXT, use.span, value, _limit(limit, most, "max"), "kernel")


def _user_text(use: Use) -> typed.Node:
    value, limit = use.arguments
    if c_types.pointer(value.type) is None:
        raise ExpressionError(f"user_text takes a pointer, this is {c_types.words(value.type)}", value.span)
    return typed.BoundedText(c_types.TEXT, use.span, value, _limit(limit, LONGEST_COPY, "max"), "user")


def _bytes(use: Use) -> typed.Node:
    value, length = use.arguments[:2]
    if _target(value) is None or isinstance(value, typed.TextConstant):
        raise ExpressionError(f"bytes takes a pointer or an array, this is {c_types.words(value.type)}", value.span)
    _refuse_user_pointer(value, "")
    if c_types.number(length.type) is None:
        raise ExpressionError(f"a length is a number, this is {c_types.words(length.type)}", length.span)
    most = LONGEST_COPY if use.scope.nofault else MOST_BYTES
    constant = constant_value(length)
    if len(use.arguments) == 3:
        limit = _limit(use.arguments[2], most, "max")
    else:
        limit = LONGEST_COPY if constant is None else _limit(length, most, "length")
    plain = strip(value.type)
    if isinstance(plain, Array) and plain.length:
        limit = min(limit, plain.length * use.scope.kernel.size_of(plain.element))
    return typed.Bytes(Array(c_types.U8, limit), use.span, value, length, limit)


def _target(value: typed.Node) -> Type | None:
    plain = strip(c_types.decayed(value.type))
    return strip(plain.target) if isinstance(plain, Pointer) else None


def _refuse_user_pointer(value: typed.Node, instead: str) -> None:
    if c_types.is_user_pointer(value.type):
        raise ExpressionError(
            "this pointer leads to user space (__user); the kernel can't just follow it",
            value.span,
            hint=f"use {instead}" if instead else "only texts can be read from there, by user_text",
        )


def _stack(use: Use) -> typed.Node:
    depth = _limit(use.arguments[0], DEEPEST_STACK, "depth") if use.arguments else 16
    return typed.Stack(Array(c_types.UNSIGNED_LONG, depth), use.span, depth)


BUILTINS: Mapping[str, Function] = {
    "pid": Function("pid()", 0, 0, _value("current->pid", "linux/sched.h", c_types.INT)),
    "tgid": Function("tgid()", 0, 0, _value("current->tgid", "linux/sched.h", c_types.INT)),
    "comm": Function("comm()", 0, 0, _comm),
    "cpu": Function("cpu()", 0, 0, _value("raw_smp_processor_id()", "linux/smp.h", c_types.INT)),
    "now_ns": Function("now_ns()", 0, 0, _value("ktime_get_mono_fast_ns()", "linux/timekeeping.h", c_types.U64)),
    "ntohs": Function("ntohs(x)", 1, 1, _byte_order("ntohs", 2, c_types.U16)),
    "ntohl": Function("ntohl(x)", 1, 1, _byte_order("ntohl", 4, c_types.U32)),
    "htons": Function("htons(x)", 1, 1, _byte_order("htons", 2, c_types.BE16)),
    "htonl": Function("htonl(x)", 1, 1, _byte_order("htonl", 4, c_types.BE32)),
    "be64": Function("be64(x)", 1, 1, _byte_order("be64_to_cpu", 8, c_types.U64)),
    "ip4": Function("ip4(x)", 1, 1, _ip4),
    "ip6": Function("ip6(x)", 1, 1, _address("ip6", 16, "in6_addr")),
    "mac": Function("mac(x)", 1, 1, _address("mac", 6, "")),
    "startswith": Function("startswith(text, prefix)", 2, 2, _startswith),
    "one_of": Function("one_of(x, a, b, ...)", 2, 64, _one_of),
    "text": Function("text(pointer, max)", 2, 2, _text),
    "user_text": Function("user_text(pointer, max)", 2, 2, _user_text),
    "bytes": Function("bytes(pointer, length[, max])", 2, 3, _bytes),
    "stack": Function("stack([depth])", 0, 1, _stack),
}
