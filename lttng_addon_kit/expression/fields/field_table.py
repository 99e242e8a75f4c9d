# SPDX-License-Identifier: GPL-2.0-only
"""All kinds of fields, and which one a value is. `KIND_field.py` is a kind; a new file here is a new one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, singledispatch

from lttng_addon_kit.discovery import find_modules
from lttng_addon_kit.expression import fields
from lttng_addon_kit.expression.fields.field_kind import FieldKind, FieldOptions
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Float, Forward, Function, Struct, Void, strip


@cache
def _kinds_by_type() -> Sequence[type[FieldKind]]:
    """Those that a value's type decides on: each file's KIND; others belong to a function of the language."""
    return tuple(module.KIND for module in find_modules(fields, "KIND", suffix="_field").values())


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
    found = [kind for each in _kinds_by_type() if (kind := each.of_type(node, scope)) is not None]
    if not found:
        raise _refused(node, scope.kernel)
    (kind,) = found
    return kind


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
