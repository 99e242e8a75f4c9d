"""All kinds of fields, and which one a value is. A new kind is a new file, and its class here."""

from __future__ import annotations

from functools import singledispatch

from lttng_addon_kit.expression.fields.array_field import ArrayField
from lttng_addon_kit.expression.fields.boolean_field import BooleanField
from lttng_addon_kit.expression.fields.enum_field import EnumField
from lttng_addon_kit.expression.fields.field_kind import FieldKind, FieldOptions
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.fields.pointer_field import PointerField
from lttng_addon_kit.expression.fields.text_field import TextField
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Float, Forward, Function, Struct, Void, strip

# Those that a value's type decides on, the first that takes it; others belong to a function of the language.
_BY_TYPE: tuple[type[FieldKind], ...] = (
    TextField,
    ArrayField,
    PointerField,
    EnumField,
    BooleanField,
    IntegerField,
)


def field_kind(node: typed.Node, options: FieldOptions, scope: Scope) -> FieldKind:
    """How the value of an expression is recorded.

    Raises:
        ExpressionError: it can't be a field, or not with these options.
    """
    kind = kind_of(node, scope)
    return kind if options.base is None else kind.with_base(options.base, node)


@singledispatch
def kind_of(node: typed.Node, scope: Scope) -> FieldKind:
    """The kind that a node's type asks for; a function whose value is a whole field has a version of its own."""
    for kind in _BY_TYPE:
        if (found := kind.of_type(node, scope)) is not None:
            return found
    raise _refused(node, scope.kernel)


def _refused(node: typed.Node, kernel: Kernel) -> ExpressionError:
    shown = c_types.words(node.type)
    match strip(node.type):
        case Struct() as plain:
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
