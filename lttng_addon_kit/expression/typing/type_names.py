"""The types that casts and sizeof name, found in the kernel."""

from __future__ import annotations

from lttng_addon_kit.errors import KitError, nearest
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.parse import parse_type_name
from lttng_addon_kit.expression.syntax.syntax import TypeName
from lttng_addon_kit.expression.typing import c_types
from lttng_addon_kit.expression.typing.scope import StructKind
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Pointer, Type, Void


def find_type(name: TypeName, kernel: Kernel) -> Type:
    """The kernel's type of that name.

    Raises:
        ExpressionError: the kernel has no such type.
    """
    found = _named(name, kernel)
    for _ in range(name.pointers):
        found = Pointer(found)
    return found


def parse_type(text: str, kernel: Kernel) -> Type:
    """The kernel's type that a text in C names, as "const struct sk_buff *": a number's, a pointer's, or void.

    Raises:
        KitError: it is no such type, or the kernel has none of that name.
    """
    if text.split() == ["void"]:
        return Void()
    try:
        found = find_type(parse_type_name(text, lambda word: kernel.find_typedef(word) is not None), kernel)
    except ExpressionError as error:
        raise KitError(error.message, hint=error.hint) from None
    if not (c_types.number(found) or c_types.pointer(found)):
        raise KitError(f"only numbers and pointers can be used here, not {c_types.words(found)}")
    return found


def _named(name: TypeName, kernel: Kernel) -> Type:
    match name.kind:
        case "struct" | "union":
            kind: StructKind = "struct" if name.kind == "struct" else "union"
            struct = kernel.find_struct(kind, name.name)
            if struct is None:
                raise _unknown(name, nearest(name.name, kernel.names(kind)))
            return struct
        case "enum":
            enum = kernel.find_enum(name.name)
            if enum is None:
                raise _unknown(name, nearest(name.name, kernel.names("enum")))
            return enum
        case _:
            plain = c_types.plain_type(name.name)
            found = plain if plain is not None else kernel.find_typedef(name.name)
            if found is None:
                raise _unknown(name, nearest(name.name, kernel.names("typedef")))
            return found


def _unknown(name: TypeName, hint: str) -> ExpressionError:
    shown = f"{name.kind} {name.name}".strip()
    return ExpressionError(f"this kernel has no type '{shown}'", name.span, hint=hint)
