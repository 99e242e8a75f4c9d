# SPDX-License-Identifier: GPL-2.0-only
"""Operators, `?:`, casts and sizeof: what C makes of their operands' types."""

from __future__ import annotations

from typing import Literal, cast

from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import (
    check_followed,
    check_length,
    check_number,
    check_truth,
    is_address,
    is_null,
    pointed_value,
    promoted,
    shown,
    with_article,
)
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.members import array_element
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.expression.typing.type_names import find_type
from lttng_addon_kit.expression.typing.user_memory import as_read, is_user_address
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import (
    Array,
    Forward,
    Function,
    Integer,
    Pointer,
    Struct,
    Type,
    Typedef,
    Void,
    strip,
)


def unary(node: syntax.Unary, operand: typed.Node, scope: Scope) -> typed.Node:
    """What an operator before its operand gives.

    Raises:
        ExpressionError: it takes no such operand.
    """
    kernel = scope.kernel
    match node.operator:
        case "*":
            if not is_address(operand):
                raise ExpressionError(
                    f"'*' needs a pointer, but this is {c_types.words(operand.type)}", node.operand.span
                )
            check_followed(operand)
            check_length(operand, scope)
            return as_read(typed.Dereference(pointed_value(operand), node.span, operand))
        case "&":
            return _address(node, operand)
        case "!":
            check_truth(operand, kernel)
            return typed.Not(c_types.BOOL, node.span, operand)
        case "+":
            return check_number(operand, "'+'", kernel)
        case _:
            check_number(operand, f"'{node.operator}'", kernel)
            if node.operator == "~" and c_types.is_truth(operand):
                raise ExpressionError("this is 0 or 1; '~' of that is never 0", node.span, hint="write '!' for '~'")
            return typed.Sign(promoted(operand), node.span, node.operator, operand)


def binary(node: syntax.Binary, left: typed.Node, right: typed.Node, scope: Scope) -> typed.Node:
    """What arithmetic, `&&` or `||` gives.

    Raises:
        ExpressionError: the operator takes no such operands, or gives no value.
    """
    kernel = scope.kernel
    if node.operator in ("&&", "||"):
        check_truth(left, kernel)
        check_truth(right, kernel)
        return typed.Logical(c_types.BOOL, node.span, cast(Literal["&&", "||"], node.operator), left, right)
    if node.operator in ("+", "-") and (is_address(left) or is_address(right)):
        return _pointer_arithmetic(node, left, right, scope)
    check_number(left, f"'{node.operator}'", kernel)
    check_number(right, f"'{node.operator}'", kernel)
    return _arithmetic(node, left, right)


def conditional(
    node: syntax.Conditional, condition: typed.Node, yes: typed.Node, no: typed.Node, kernel: Kernel
) -> typed.Node:
    """`condition ? yes : no`

    Raises:
        ExpressionError: the condition is none, or the two branches have no common type.
    """
    check_truth(condition, kernel)
    if is_user_address(yes) != is_user_address(no) and not (is_null(yes) or is_null(no)):
        raise ExpressionError(
            "only one of the two branches of '?:' leads to user space", node.yes.span.to(node.no.span)
        )
    return typed.Choice(_common_type(node, yes, no), node.span, condition, yes, no)


def converted(node: syntax.Cast, operand: typed.Node, kernel: Kernel) -> typed.Node:
    """A cast.

    Raises:
        ExpressionError: the kernel has no such type, or no value can be cast to it.
    """
    type_ = find_type(node.type, kernel)
    wanted = c_types.number(type_) or c_types.pointer(type_)
    if wanted is None:
        raise ExpressionError(
            f"a cast gives a number or a pointer, not {c_types.words(type_)}",
            node.type.span,
            hint=f"did you mean ({c_types.words(type_)} *)?" if isinstance(strip(type_), Struct) else "",
        )
    given = c_types.number(operand.type)
    if given is None and not is_address(operand):
        raise ExpressionError(f"{with_article(operand)} can't be cast", node.operand.span)
    if given is None and not isinstance(wanted, Pointer) and wanted.size < 8 and wanted != c_types.BOOL:
        raise ExpressionError(
            f"a pointer does not fit {c_types.words(type_)}", node.type.span, hint="cast it to unsigned long"
        )
    if given is not None and isinstance(wanted, Pointer) and given.size < 8 and not is_null(operand):
        raise ExpressionError(f"{c_types.words(operand.type)} is too short for a pointer", node.operand.span)
    return typed.Conversion(type_, node.span, operand)


def size_of_type(node: syntax.SizeOf, name: syntax.TypeName, kernel: Kernel) -> typed.Node:
    """`sizeof(type)`

    Raises:
        ExpressionError: the kernel has no such type, or one without a size.
    """
    return _size(node, find_type(name, kernel), kernel)


def size_of_value(node: syntax.SizeOf, operand: typed.Node, kernel: Kernel) -> typed.Node:
    """`sizeof(value)`

    Raises:
        ExpressionError: it has no size.
    """
    if isinstance(operand, typed.MemberRead) and operand.bit_size:
        raise ExpressionError(f"'{operand.name}' is a bit field; it has no sizeof", operand.span)
    if isinstance(operand, typed.TextConstant):
        return _size(node, Array(c_types.CHAR, len(operand.value) + 1), kernel)
    return _size(node, operand.type, kernel)


def same_target(left: Type, right: Type) -> bool:
    """Whether C lets two pointers be compared or assigned without a cast."""
    first, second = c_types.pointer(c_types.decayed(left)), c_types.pointer(c_types.decayed(right))
    assert first is not None and second is not None
    one, other = strip(first.target), strip(second.target)
    return isinstance(one, Void) or isinstance(other, Void) or c_types.words(one) == c_types.words(other)


def _address(node: syntax.Unary, operand: typed.Node) -> typed.Node:
    if not isinstance(operand, typed.MemberRead | typed.Element | typed.Dereference):
        raise ExpressionError("'&' takes something in memory: a member or an element", node.operand.span)
    if isinstance(operand, typed.MemberRead) and operand.bit_size:
        raise ExpressionError(f"'{operand.name}' is a bit field; it has no address", node.operand.span)
    return typed.AddressOf(Pointer(operand.type), node.span, operand)


def _arithmetic(node: syntax.Binary, left: typed.Node, right: typed.Node) -> typed.Node:
    value = constant_value(right)
    if node.operator in ("<<", ">>"):
        type_ = promoted(left)
        if value is not None and not 0 <= value < 8 * type_.size:
            raise ExpressionError(
                f"{c_types.words(type_)} has {8 * type_.size} bits; a shift by {value} is meaningless", right.span
            )
    else:
        type_ = c_types.common(promoted(left), promoted(right))
        if node.operator in ("/", "%") and value == 0:
            raise ExpressionError("a division by 0", right.span)
    result = typed.Arithmetic(type_, node.span, node.operator, left, right)
    # Refuses a constant that does not fit its type.
    constant_value(result)
    return result


def _pointer_arithmetic(node: syntax.Binary, left: typed.Node, right: typed.Node, scope: Scope) -> typed.Node:
    for operand in (left, right):
        if isinstance(operand, typed.TextConstant | typed.TextValue):
            raise ExpressionError(f"'{node.operator}' needs numbers, but this is a text", operand.span)
    if is_address(left) and is_address(right):
        if node.operator == "+" or not same_target(left.type, right.type):
            raise ExpressionError(
                f"'{node.operator}' can't take {c_types.words(left.type)} and {c_types.words(right.type)}", node.span
            )
        pointed_value(left)
        pointed_value(right)
        return typed.Arithmetic(c_types.LONG, node.span, "-", left, right)
    pointer, offset = (left, right) if is_address(left) else (right, left)
    if pointer is right and node.operator == "-":
        raise ExpressionError("a pointer can't be subtracted from a number", node.span)
    check_number(offset, f"'{node.operator}'", scope.kernel)
    pointed_value(pointer)
    if isinstance(strip(pointer.type), Array):
        return _element_address(node, pointer, offset, scope)
    return typed.Arithmetic(c_types.decayed(pointer.type), node.span, node.operator, pointer, offset)


def _element_address(node: syntax.Binary, array: typed.Node, index: typed.Node, scope: Scope) -> typed.Node:
    """`array + index`, which C reads as `&array[index]`: the index is checked as that one's."""
    if node.operator == "-":
        raise ExpressionError("this leads to before the array", node.span)
    return typed.AddressOf(c_types.decayed(array.type), node.span, array_element(array, index, node.span, scope))


def _common_type(node: syntax.Conditional, yes: typed.Node, no: typed.Node) -> Type:
    if c_types.number(yes.type) and c_types.number(no.type):
        return yes.type if yes.type == no.type else c_types.common(promoted(yes), promoted(no))
    if c_types.is_text(yes) and c_types.is_text(no):
        return c_types.TEXT
    if is_address(yes) and (is_null(no) or (is_address(no) and same_target(yes.type, no.type))):
        return c_types.decayed(yes.type)
    if is_address(no) and is_null(yes):
        return c_types.decayed(no.type)
    raise ExpressionError(
        f"the two branches of '?:' don't go together: {shown(yes)} and {shown(no)}", node.yes.span.to(node.no.span)
    )


def _size(node: syntax.SizeOf, type_: Type, kernel: Kernel) -> typed.Constant:
    if isinstance(strip(type_), Void | Function | Forward):
        raise ExpressionError(f"{c_types.words(type_)} has no size", node.operand.span)
    size = kernel.size_of(type_)
    named = c_types.unqualified(type_)
    header = None
    if isinstance(named, Struct) and named.name:
        header = kernel.header_of(named.kind, named.name)
    if isinstance(named, Typedef):
        header = kernel.header_of("typedef", named.name)
        header = header if header is not None and header.startswith("linux/") else None
    is_known = header is not None or isinstance(named, Integer | Pointer)
    spelling = f"sizeof({c_types.words(named)})" if is_known else f"{size} /* sizeof({c_types.words(named)}) */"
    return typed.Constant(c_types.UNSIGNED_LONG, node.span, size, spelling, header)
