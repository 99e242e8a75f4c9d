# SPDX-License-Identifier: GPL-2.0-only
"""Names -> what they stand for: the hook's variables, parameters, labels of the kernel's enums."""

from __future__ import annotations

from collections.abc import Mapping

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.checks import listed
from lttng_addon_kit.expression.typing.elsewhere import variable_hint
from lttng_addon_kit.expression.typing.ftrace_fields import ftrace_hint
from lttng_addon_kit.expression.typing.functions import LanguageFunction
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Pointer, Type, Void

_PARAMETER_TYPES: Mapping[str, Type] = {
    "text": c_types.TEXT,
    "integer": c_types.LONG_LONG,
    "boolean": c_types.BOOL,
}


def name(node: syntax.Name, scope: Scope) -> typed.Node | None:
    """What a name stands for; None if it is none of the hook's, the language's and the kernel's enums.

    Raises:
        ExpressionError: there is no such parameter.
    """
    if node.name in scope.variables:
        variable = scope.variables[node.name]
        return typed.Variable(variable.type, node.span, variable.c_name, variable.clock)
    if node.name.startswith("$"):
        return _parameter(node.name[1:], node.span, scope)
    return _language_name(node, scope) or _label(node, scope) or _percpu(node, scope)


def _language_name(node: syntax.Name, scope: Scope) -> typed.Node | None:
    match node.name:
        case "NULL":
            return typed.Constant(Pointer(Void()), node.span, 0, "NULL")
        case "true" | "false":
            return typed.Constant(c_types.BOOL, node.span, int(node.name == "true"), node.name)
        case "current":
            task = scope.kernel.find_struct("struct", "task_struct")
            return typed.KernelValue(Pointer(task), node.span, "current") if task is not None else None
        case "jiffies":
            return typed.KernelValue(c_types.UNSIGNED_LONG, node.span, "jiffies")
    return None


def _percpu(node: syntax.Name, scope: Scope) -> typed.Node | None:
    """This CPU's part of a per-CPU variable."""
    variable = scope.kernel.percpu_variable(node.name)
    if variable is None:
        return None
    if not variable.is_exported:
        raise ExpressionError(
            f"the kernel does not export the per-CPU variable '{node.name}' to modules",
            node.span,
            hint="reach it by a pointer that leads to it, if one does",
        )
    address = typed.PerCpuAddress(Pointer(variable.type), node.span, node.name)
    return typed.Dereference(variable.type, node.span, address)


def _label(node: syntax.Name, scope: Scope) -> typed.Node | None:
    found = scope.kernel.enum_constant(node.name)
    if found is None:
        return None
    enum, value = found
    header = scope.kernel.header_of("enum", enum.name) if enum.name else None
    return typed.Constant(enum, node.span, value, node.name if header else f"{value} /* {node.name} */", header)


def _parameter(name: str, span: Span, scope: Scope) -> typed.Node:
    parameter = scope.parameters.get(name)
    if parameter is not None:
        type_ = _PARAMETER_TYPES[parameter.kind]
        return typed.ParameterValue(type_, span, name, parameter.c_text, parameter.length, parameter.text)
    known = [f"${each}" for each in scope.parameters]
    known += [each for each in scope.variables if each.startswith("$")]
    if name == "ret" and "$duration_ns" in scope.variables:
        why = scope.no_arguments or "this function returns nothing (void), or a struct"
        raise ExpressionError(f"{why}: there is no '$ret'", span)
    if name in ("ret", "duration_ns"):
        raise ExpressionError(f"'${name}' exists for kretprobes only", span)
    hint = nearest(f"${name}", known) or listed("there is", known) or "add it to [parameters]"
    raise ExpressionError(f"there is no parameter '${name}'", span, hint=hint)


def _no_macro(scope: Scope) -> str:
    if scope.kernel.knows_macros:
        return "only macros of public headers that stand for an integer are known; write the value of another"
    return "no compiler could be asked for this kernel's macros (#define): write the value of one"


def unknown(node: syntax.Name, scope: Scope, functions: Mapping[str, LanguageFunction]) -> ExpressionError:
    """What is wrong with a name that stands for nothing, or for something that is no value."""
    name, span = node.name, node.span
    if name in scope.functions or name in functions:
        usage = functions[name].usage if name in functions else f"{name}(...)"
        return ExpressionError(f"'{name}' is a function; to call it, write {usage}", span)
    if scope.kernel.find_typedef(name) is not None:
        return ExpressionError(f"'{name}' is a type, but a value is needed here", span)
    if name in scope.tables:
        return ExpressionError(f"'{name}' is a table", span, hint=f"write {name}[key] or key in {name}")
    if name in scope.parameters:
        return ExpressionError(f"there is no variable '{name}'", span, hint=f"the parameter is '${name}'")
    if (enum := scope.kernel.find_enum(name)) and enum.values:
        return ExpressionError(f"'{name}' is an enum; name one of its labels, as {enum.values[0][0]}", span)
    hint = variable_hint(name) or ftrace_hint(name, scope) or scope.no_arguments
    hint = hint or nearest(name, [*scope.variables, *scope.tables])
    if not hint and name.upper() == name:
        known = [*scope.kernel.names("constant"), *scope.kernel.macro_names(f"{name[:3]}*")]
        return ExpressionError(
            f"neither the kernel's enums nor its macros have '{name}'",
            span,
            hint=nearest(name, known, cutoff=0.8) or _no_macro(scope),
        )
    hint = hint or listed("this hook has", scope.variables) or "there are no arguments of a hook here"
    return ExpressionError(f"there is no variable '{name}'", span, hint=hint)
