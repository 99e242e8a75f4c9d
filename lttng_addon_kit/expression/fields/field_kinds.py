"""What an expression is as a field of an event: how LTTng shall record and show its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Kernel, Scope
from lttng_addon_kit.kernel.types import (
    Array,
    Enum,
    Float,
    Forward,
    Function,
    Integer,
    Pointer,
    Qualified,
    Struct,
    Type,
    Typedef,
    Void,
    strip,
)

LONGEST_TEXT = 4095
# Up to here copying an array as a whole costs less than looking for its NUL, and takes its full length in the trace.
LONGEST_FIXED_TEXT = 32
LARGEST_ARRAY = 4096
Base = Literal[2, 8, 10, 16]


@dataclass(frozen=True)
class FieldOptions:
    """What a user may say of a field beside its value."""

    base: Base | None = None


@dataclass(frozen=True)
class IntegerField:
    """`size` in bytes; `network`: the bytes are in network order, whatever the machine's is."""

    size: int
    signed: bool
    base: Base = 10
    network: bool = False


@dataclass(frozen=True)
class BooleanField:
    """0 or 1, of C type `bool`."""


@dataclass(frozen=True)
class PointerField:
    """An address, shown in hexadecimal."""


@dataclass(frozen=True)
class EnumField:
    """An enumeration with the kernel's own labels; `name` is "" for an unnamed enum."""

    name: str
    values: tuple[tuple[str, int], ...]
    size: int
    signed: bool


@dataclass(frozen=True)
class TextField:
    """Text that ends at its NUL or after `limit` bytes, whichever comes first.

    `fixed`: that many bytes are always there to be copied, whatever is after the NUL.
    """

    limit: int
    fixed: bool = False


@dataclass(frozen=True)
class ArrayField:
    """`length` integers, always there (zeros where a pointer on the way was NULL)."""

    element: IntegerField
    length: int


@dataclass(frozen=True)
class SequenceField:
    """Up to `limit` integers; how many there are is a value of its own."""

    element: IntegerField
    limit: int


@dataclass(frozen=True)
class AddressField:
    """ip4: one `__be32`; ip6 and mac: 16 and 6 bytes."""

    rendering: typed.Rendering


FieldKind = (
    IntegerField | BooleanField | PointerField | EnumField | TextField | ArrayField | SequenceField | AddressField
)


def field_kind(node: typed.Node, options: FieldOptions, scope: Scope) -> FieldKind:
    """How the value of an expression is recorded.

    Raises:
        ExpressionError: it can't be a field, or not with these options.
    """
    kind = _kind(node, scope.kernel)
    if options.base is None:
        return kind
    match kind:
        case IntegerField():
            return IntegerField(kind.size, kind.signed, options.base, kind.network)
        case ArrayField():
            element = IntegerField(kind.element.size, kind.element.signed, options.base, kind.element.network)
            return ArrayField(element, kind.length)
    raise ExpressionError("only integers have a base", node.span, hint="leave 'base' away")


def _kind(node: typed.Node, kernel: Kernel) -> FieldKind:
    match node:
        case typed.Address():
            return AddressField(node.rendering)
        case typed.BoundedText():
            return TextField(node.limit)
        case typed.Bytes():
            return SequenceField(IntegerField(1, False, 16), node.limit)
        case typed.Stack():
            return SequenceField(IntegerField(8, False, 16), node.depth)
    plain = strip(node.type)
    if c_types.is_text(node):
        return _text(node, plain)
    match plain:
        case Array():
            return _array(node, plain, kernel)
        case Pointer():
            return PointerField()
        case Enum():
            return EnumField(plain.name, plain.values, plain.size, plain.signed)
        case Integer() if plain.is_bool:
            return BooleanField()
        case Integer():
            return IntegerField(plain.size, plain.signed, network=is_network_order(node.type))
    raise _refused(node, plain, kernel)


def _text(node: typed.Node, plain: Type) -> FieldKind:
    if not isinstance(plain, Array):
        return TextField(LONGEST_TEXT)
    if plain.length == 0:
        raise ExpressionError(
            "this array has no length of its own", node.span, hint="write text(x, max) or bytes(x, length)"
        )
    return TextField(min(plain.length, LONGEST_TEXT), plain.length <= LONGEST_FIXED_TEXT)


def is_network_order(type_: Type) -> bool:
    """Whether it is one of the kernel's `__be16`, `__be32`, `__be64` (include/uapi/linux/types.h)."""
    while isinstance(type_, Typedef | Qualified):
        if isinstance(type_, Typedef) and type_.name in ("__be16", "__be32", "__be64"):
            return True
        type_ = type_.target
    return False


def _array(node: typed.Node, array: Array, kernel: Kernel) -> FieldKind:
    element = strip(array.element)
    if array.length == 0:
        raise ExpressionError("this array has no length of its own", node.span, hint="write bytes(x, length)")
    if not isinstance(element, Integer | Enum | Pointer):
        raise ExpressionError(
            f"an array of {c_types.words(array.element)} can't be a field",
            node.span,
            hint="write one element of it, as in x[0], or bytes(x, length)",
        )
    size = kernel.size_of(element)
    if array.length * size > LARGEST_ARRAY:
        raise ExpressionError(
            f"{array.length * size} bytes are too much for one field (at most {LARGEST_ARRAY})",
            node.span,
            hint="write bytes(x, length) or single elements",
        )
    if isinstance(element, Pointer):
        return ArrayField(IntegerField(size, False, 16), array.length)
    network = is_network_order(array.element)
    return ArrayField(IntegerField(size, element.signed, network=network), array.length)


def _refused(node: typed.Node, plain: Type, kernel: Kernel) -> ExpressionError:
    shown = c_types.words(node.type)
    match plain:
        case Struct():
            names = [member.name for member in kernel.members(plain) if member.name]
            listed = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
            hint = f"write a member of it: {listed}" if names else "write a member of it"
            return ExpressionError(f"{shown} as a whole can't be a field", node.span, hint=hint)
        case Forward():
            return ExpressionError(f"this kernel's types don't say what is in {shown}", node.span)
        case Void() | Function():
            return ExpressionError("there is no value to record", node.span)
        case Float():
            return ExpressionError("the kernel computes with integers only", node.span)
    return ExpressionError(f"{shown} can't be a field", node.span)
