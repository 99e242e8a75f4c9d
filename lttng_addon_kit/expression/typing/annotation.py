# SPDX-License-Identifier: GPL-2.0-only
"""Syntax -> typed tree: every name found, every use of a type checked, in the user's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import (
    c_types,
    calls,
    comparisons,
    constants,
    lookup,
    macro_values,
    members,
    names,
    operators,
    typed,
)
from lttng_addon_kit.expression.typing.clock_times import check_clocks
from lttng_addon_kit.expression.typing.functions import LanguageFunction
from lttng_addon_kit.expression.typing.scope import Scope


@dataclass(frozen=True)
class Language:
    """What the language has beside C's own: functions by name; container_of, whose second argument is a type."""

    functions: Mapping[str, LanguageFunction]
    container_of: Callable[[syntax.ContainerOf, typed.Node, Scope], typed.Node]


def annotate(node: syntax.Node, scope: Scope, language: Language) -> typed.Node:
    """The typed tree of all that a filter or field says.

    Raises:
        ExpressionError: an unknown name, or a use that the types forbid.
    """
    return _Annotation(scope, language).whole(node)


@dataclass(frozen=True)
class _Annotation:
    scope: Scope
    language: Language

    def whole(self, node: syntax.Node) -> typed.Node:
        result = self._typed(node)
        for part in typed.children(result):
            if isinstance(part, typed.TextValue) and not result.takes_texts:
                raise _whole_field(part)
        return result

    def part(self, node: syntax.Node) -> typed.Node:
        """The typed tree of a part; what makes a whole field is none."""
        result = self.whole(node)
        if isinstance(result, typed.FunctionValue) and result.makes_field:
            raise _whole_field(result)
        return result

    def _typed(self, node: syntax.Node) -> typed.Node:
        scope, kernel, functions = self.scope, self.scope.kernel, self.language.functions
        match node:
            case syntax.Name():
                return self._name(node)
            case syntax.Number():
                return constants.number(node)
            case syntax.Text():
                return typed.TextConstant(c_types.TEXT, node.span, node.value)
            case syntax.Access():
                return members.member(node, self.part(node.base), scope)
            case syntax.Index():
                return self._element(node)
            case syntax.Membership():
                return lookup.membership(node, self.part(node.key), scope)
            case syntax.Unary():
                return operators.unary(node, self.part(node.operand), scope)
            case syntax.Binary():
                return self._binary(node)
            case syntax.Conditional():
                condition, yes, no = self.part(node.condition), self.part(node.yes), self.part(node.no)
                return operators.conditional(node, condition, yes, no, kernel)
            case syntax.Cast():
                return operators.converted(node, self.part(node.operand), kernel)
            case syntax.SizeOf():
                return self._size(node)
            case syntax.Call():
                arguments = tuple(self.part(argument) for argument in node.arguments)
                return calls.call(node, arguments, scope, functions)
            case syntax.ContainerOf():
                return self.language.container_of(node, self.part(node.pointer), scope)

    def _element(self, node: syntax.Index) -> typed.Node:
        if isinstance(node.base, syntax.Name) and (table := lookup.table(node.base, self.scope)) is not None:
            return lookup.value(node, node.base, table, self.part(node.index))
        return members.element(node, self.part(node.base), self.part(node.index), self.scope)

    def _size(self, node: syntax.SizeOf) -> typed.Node:
        if isinstance(node.operand, syntax.TypeName):
            return operators.size_of_type(node, node.operand, self.scope.kernel)
        return operators.size_of_value(node, self.part(node.operand), self.scope.kernel)

    def _name(self, node: syntax.Name) -> typed.Node:
        found = names.name(node, self.scope) or macro_values.constant(node, self.scope, self._constants)
        if found is None:
            raise names.unknown(node, self.scope, self.language.functions)
        return found

    def _constants(self, node: syntax.Node) -> typed.Node:
        """The typed tree of what a macro stands for, which names nothing but types and labels."""
        return _Annotation(Scope(self.scope.kernel, {}), Language({}, self.language.container_of)).part(node)

    def _binary(self, node: syntax.Binary) -> typed.Node:
        left, right = self.part(node.left), self.part(node.right)
        if node.operator in ("-", *comparisons.OPERATORS):
            check_clocks(node, left, right)
        if node.operator in comparisons.OPERATORS:
            return comparisons.comparison(node, left, right, self.scope.kernel)
        return operators.binary(node, left, right, self.scope)


def _whole_field(node: typed.FunctionValue) -> ExpressionError:
    return ExpressionError(f"{node.function}() makes a whole field; it can't be a part of an expression", node.span)
