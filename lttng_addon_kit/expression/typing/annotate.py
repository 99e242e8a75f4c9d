"""Syntax -> typed tree: every name found, every use of a type checked, in the user's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lttng_addon_kit.errors import nearest
from lttng_addon_kit.expression.c.declarations import Declarations
from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.expression.syntax import syntax
from lttng_addon_kit.expression.syntax.parse import parse
from lttng_addon_kit.expression.syntax.syntax import Span
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.builtin_calls import BUILTINS, Use, check_text_ends, check_text_fits
from lttng_addon_kit.expression.typing.constants import constant_value
from lttng_addon_kit.expression.typing.ranges import certain
from lttng_addon_kit.expression.typing.scope import Prototype, Scope, StructKind
from lttng_addon_kit.expression.typing.type_names import find_type
from lttng_addon_kit.kernel.types import (
    Array,
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

_PARAMETER_TYPES: Mapping[str, Type] = {
    "text": c_types.TEXT,
    "integer": c_types.LONG_LONG,
    "boolean": c_types.BOOL,
}
_WHOLE = typed.Bytes | typed.Stack | typed.Address
_TEXT_TESTS = typed.TextComparison | typed.StartsWith | typed.OneOf
_ORDER = ("<", ">", "<=", ">=")
# What a comparison is with its sides exchanged.
_TURNED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OWN_FUNCTION = "write one in a C file of your own ([module] sources) that calls what it needs"


def read(text: str, scope: Scope) -> typed.Node:
    """Parse and annotate one expression.

    Raises:
        ExpressionError: it is no expression, or not one that makes sense with this scope.
    """
    return annotate(parse(text, scope.is_type), scope)


def read_filter(text: str, scope: Scope) -> typed.Node:
    """As `read`, for an expression that decides: a number, a pointer or a comparison.

    Raises:
        ExpressionError: as `read`; or the value is neither true nor false.
    """
    node = read(text, scope)
    if isinstance(node, _WHOLE | typed.BoundedText):
        raise ExpressionError(f"{_function(node)}() makes a field; a filter is true or false", node.span)
    _Annotation(scope).truth(node)
    return node


def annotate(node: syntax.Node, scope: Scope) -> typed.Node:
    """The typed tree of an expression.

    Raises:
        ExpressionError: an unknown name, or a use that the types forbid.
    """
    return _Annotation(scope).whole(node)


class _Annotation:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._kernel = scope.kernel

    def whole(self, node: syntax.Node) -> typed.Node:
        """The typed tree of all that a filter or field says."""
        result = self._typed(node)
        for part in typed.children(result):
            if isinstance(part, typed.BoundedText) and not isinstance(result, _TEXT_TESTS):
                raise _whole_field(part)
        return result

    def node(self, node: syntax.Node) -> typed.Node:
        """The typed tree of a part; what makes a whole field is none."""
        result = self.whole(node)
        if isinstance(result, _WHOLE):
            raise _whole_field(result)
        return result

    def _typed(self, node: syntax.Node) -> typed.Node:
        match node:
            case syntax.Name():
                return self._name(node)
            case syntax.Number():
                return _number(node)
            case syntax.Text():
                return typed.TextConstant(c_types.TEXT, node.span, node.value)
            case syntax.Member():
                return self._member(node)
            case syntax.Index():
                return self._index(node)
            case syntax.Unary():
                return self._unary(node)
            case syntax.Binary():
                return self._binary(node)
            case syntax.Conditional():
                return self._conditional(node)
            case syntax.Cast():
                return self._cast(node)
            case syntax.SizeOf():
                return self._size_of(node)
            case syntax.Call():
                return self._call(node)
            case syntax.ContainerOf():
                return self._container_of(node)

    # Names

    def _name(self, node: syntax.Name) -> typed.Node:
        name, span, scope = node.name, node.span, self._scope
        if name in scope.variables:
            variable = scope.variables[name]
            return typed.Variable(variable.type, span, variable.c_name)
        if name.startswith("$"):
            return self._parameter(name[1:], span)
        match name:
            case "NULL":
                return typed.Constant(Pointer(Void()), span, 0, "NULL")
            case "true" | "false":
                return typed.Constant(c_types.BOOL, span, int(name == "true"), name)
            case "current":
                task = self._kernel.find_struct("struct", "task_struct")
                if task is not None:
                    return typed.Builtin(Pointer(task), span, "current", "linux/sched.h")
        found = self._kernel.enum_constant(name)
        if found is None:
            raise self._unknown_name(name, span)
        enum, value = found
        header = self._kernel.header_of("enum", enum.name) if enum.name else None
        return typed.Constant(enum, span, value, name if header else f"{value} /* {name} */", header)

    def _parameter(self, name: str, span: Span) -> typed.Node:
        parameter = self._scope.parameters.get(name)
        if parameter is None:
            known = [f"${each}" for each in self._scope.parameters]
            known += [each for each in self._scope.variables if each.startswith("$")]
            if name == "ret" and "$duration_ns" in self._scope.variables:
                raise ExpressionError("this function returns nothing (void): there is no '$ret'", span)
            if name in ("ret", "duration_ns"):
                raise ExpressionError(f"'${name}' is there for kretprobes only", span)
            hint = nearest(f"${name}", known) or _listed("there is", known) or "add it to [parameters]"
            raise ExpressionError(f"there is no parameter '${name}'", span, hint=hint)
        type_ = _PARAMETER_TYPES[parameter.kind]
        return typed.ParameterValue(type_, span, name, parameter.c_text, parameter.length)

    def _unknown_name(self, name: str, span: Span) -> ExpressionError:
        scope = self._scope
        if name in scope.functions or name in BUILTINS:
            usage = BUILTINS[name].usage if name in BUILTINS else f"{name}(...)"
            return ExpressionError(f"'{name}' is a function; to call it, write {usage}", span)
        if self._kernel.find_typedef(name) is not None:
            return ExpressionError(f"'{name}' is a type, a value is wanted here", span)
        if name in scope.parameters:
            return ExpressionError(f"there is no variable '{name}'", span, hint=f"the parameter is '${name}'")
        hint = nearest(name, scope.variables)
        if not hint and name.upper() == name:
            macros = "macros (#define) are not among the kernel's types: write the value of one"
            return ExpressionError(
                f"the kernel's enums have no label '{name}'",
                span,
                hint=nearest(name, self._kernel.names("constant"), cutoff=0.8) or macros,
            )
        hint = hint or _listed("this hook has", scope.variables) or "there are no arguments of a hook here"
        return ExpressionError(f"there is no variable '{name}'", span, hint=hint)

    # Members and elements

    def _member(self, node: syntax.Member) -> typed.Node:
        base = self.node(node.base)
        struct = self._struct_of(base, node)
        found = self._kernel.member(struct, node.name)
        if found is None:
            names = _member_names(struct, self._scope)
            hint = nearest(node.name, names) or _listed("it has", names)
            raise ExpressionError(f"{c_types.words(struct)} has no member '{node.name}'", node.name_span, hint=hint)
        if isinstance(base, typed.Variable) and node.operator == "->" and not self._can_name(struct, base.type):
            raise ExpressionError(
                f"this leads to a struct without a name ({c_types.words(base.type)}), which C outside of the kernel "
                "can't name",
                node.base.span,
                hint="the pointer itself can be a field",
            )
        return typed.Member(
            found.type,
            node.span,
            base,
            struct,
            node.name,
            node.operator == "->",
            found.bit_offset,
            found.bit_size,
        )

    def _can_name(self, struct: Struct, pointer: Type) -> bool:
        """Whether C knows a pointer's target: by the struct's name, or by a typedef that a public header has."""
        found = c_types.pointer(c_types.decayed(pointer))
        target: Type = found.target if found else pointer
        while isinstance(target, Qualified):
            target = target.target
        return bool(struct.name) or Declarations(self._kernel).knows_by_typedef(target)

    def _struct_of(self, base: typed.Node, node: syntax.Member) -> Struct:
        """The struct in which a member is looked for."""
        plain = strip(base.type)
        if node.operator == ".":
            if c_types.pointer(base.type):
                raise ExpressionError(
                    f"this is a pointer ({c_types.words(base.type)})",
                    node.operator_span,
                    hint="write '->' for '.'",
                )
            return self._complete(plain, base, node)
        if isinstance(plain, Struct):
            raise ExpressionError(
                f"this is a {c_types.words(base.type)} itself, not a pointer",
                node.operator_span,
                hint="write '.' for '->'",
            )
        pointer = c_types.pointer(c_types.decayed(base.type))
        if pointer is None:
            raise ExpressionError(
                f"'->' follows a pointer to a struct, this is {c_types.words(base.type)}", node.base.span
            )
        self._check_followed(base)
        return self._complete(strip(pointer.target), base, node)

    def _complete(self, plain: Type, base: typed.Node, node: syntax.Member) -> Struct:
        if isinstance(plain, Struct):
            return plain
        if isinstance(plain, Forward) and plain.kind != "enum":
            kind: StructKind = "struct" if plain.kind == "struct" else "union"
            if found := self._kernel.find_struct(kind, plain.name):
                return found
            raise ExpressionError(f"this kernel's types don't say what is in {c_types.words(plain)}", node.base.span)
        hint = "cast it to what it points to: ((struct foo *)x)->member" if isinstance(plain, Void) else ""
        raise ExpressionError(
            f"'{node.operator}' needs a struct, this is {c_types.words(base.type)}", node.base.span, hint=hint
        )

    def _check_followed(self, pointer: typed.Node) -> None:
        if c_types.is_user_pointer(pointer.type):
            raise ExpressionError(
                "this pointer leads to user space (__user); the kernel can't just follow it",
                pointer.span,
                hint="a text there can be read by user_text(pointer, max)",
            )

    def _index(self, node: syntax.Index) -> typed.Node:
        base, index = self.node(node.base), self.node(node.index)
        self._number(index, "an index")
        plain = strip(base.type)
        if isinstance(plain, Array):
            value = constant_value(index)
            if plain.length and value is not None and not 0 <= value < plain.length:
                raise ExpressionError(
                    f"{c_types.words(base.type)} has no element {value}, only 0 to {plain.length - 1}",
                    index.span,
                )
            return typed.Element(plain.element, node.span, base, index, plain.length or None)
        if c_types.pointer(base.type) is None:
            raise ExpressionError(
                f"'[]' takes an array or a pointer, this is {c_types.words(base.type)}", node.base.span
            )
        self._check_followed(base)
        return typed.Element(self._target(base), node.span, base, index, None)

    def _target(self, pointer: typed.Node) -> Type:
        """What a pointer points to, where a value is to be read from there."""
        found = c_types.pointer(c_types.decayed(pointer.type))
        assert found is not None
        target = strip(found.target)
        if isinstance(target, Void | Function | Forward):
            raise ExpressionError(
                f"there is no value to read behind {c_types.words(pointer.type)}",
                pointer.span,
                hint="cast the pointer to what it points to" if isinstance(target, Void) else "",
            )
        return found.target

    # Operators

    def _unary(self, node: syntax.Unary) -> typed.Node:
        operand = self.node(node.operand)
        match node.operator:
            case "*":
                if c_types.pointer(c_types.decayed(operand.type)) is None:
                    raise ExpressionError(
                        f"'*' follows a pointer, this is {c_types.words(operand.type)}", node.operand.span
                    )
                self._check_followed(operand)
                return typed.Dereference(self._target(operand), node.span, operand)
            case "&":
                return self._address(node, operand)
            case "!":
                self.truth(operand)
                return typed.Not(c_types.BOOL, node.span, operand)
            case "+":
                return self._number(operand, "'+'")
            case _:
                self._number(operand, f"'{node.operator}'")
                if node.operator == "~" and c_types.is_truth(operand):
                    raise ExpressionError("this is 0 or 1; '~' of that is never 0", node.span, hint="write '!' for '~'")
                return typed.Sign(_promoted(operand), node.span, node.operator, operand)

    def _address(self, node: syntax.Unary, operand: typed.Node) -> typed.Node:
        if not isinstance(operand, typed.Member | typed.Element | typed.Dereference):
            raise ExpressionError("'&' takes something in memory: a member or an element", node.operand.span)
        if isinstance(operand, typed.Member) and operand.bit_size:
            raise ExpressionError(f"'{operand.name}' is a bit field; it has no address", node.operand.span)
        return typed.AddressOf(Pointer(operand.type), node.span, operand)

    def _binary(self, node: syntax.Binary) -> typed.Node:
        left, right = self.node(node.left), self.node(node.right)
        match node.operator:
            case "&&" | "||":
                self.truth(left)
                self.truth(right)
                return typed.Logical(c_types.BOOL, node.span, "&&" if node.operator == "&&" else "||", left, right)
            case "==" | "!=" | "<" | ">" | "<=" | ">=":
                return self._comparison(node, left, right)
        if node.operator in ("+", "-") and (_is_address(left) or _is_address(right)):
            return self._pointer_arithmetic(node, left, right)
        self._number(left, f"'{node.operator}'")
        self._number(right, f"'{node.operator}'")
        return self._arithmetic(node, left, right)

    def _arithmetic(self, node: syntax.Binary, left: typed.Node, right: typed.Node) -> typed.Node:
        value = constant_value(right)
        if node.operator in ("<<", ">>"):
            type_ = _promoted(left)
            if value is not None and not 0 <= value < 8 * type_.size:
                raise ExpressionError(
                    f"{c_types.words(type_)} has {8 * type_.size} bits, a shift by {value} is meaningless",
                    right.span,
                )
        else:
            type_ = c_types.common(_promoted(left), _promoted(right))
            if node.operator in ("/", "%") and value == 0:
                raise ExpressionError("a division by 0", right.span)
        result = typed.Arithmetic(type_, node.span, node.operator, left, right)
        constant_value(result)
        return result

    def _pointer_arithmetic(self, node: syntax.Binary, left: typed.Node, right: typed.Node) -> typed.Node:
        for operand in (left, right):
            if c_types.is_text(operand) and not c_types.pointer(operand.type):
                raise ExpressionError(f"'{node.operator}' takes numbers, this is a text", operand.span)
        if _is_address(left) and _is_address(right):
            if node.operator == "+" or not _same_target(left.type, right.type):
                raise ExpressionError(
                    f"'{node.operator}' can't take {c_types.words(left.type)} and {c_types.words(right.type)}",
                    node.span,
                )
            self._target(left)
            self._target(right)
            return typed.Arithmetic(c_types.LONG, node.span, "-", left, right)
        pointer, offset = (left, right) if _is_address(left) else (right, left)
        if pointer is right and node.operator == "-":
            raise ExpressionError("a pointer can't be subtracted from a number", node.span)
        self._number(offset, f"'{node.operator}'")
        self._target(pointer)
        return typed.Arithmetic(c_types.decayed(pointer.type), node.span, node.operator, pointer, offset)

    def _comparison(self, node: syntax.Binary, left: typed.Node, right: typed.Node) -> typed.Node:
        if left == right:
            raise ExpressionError("both sides of this comparison are the same", node.span)
        if (c_types.is_text(left) or c_types.is_text(right)) and not (_is_null(left) or _is_null(right)):
            return self._text_comparison(node, left, right)
        if _is_address(left) or _is_address(right):
            self._check_pointers(node, left, right)
        else:
            self._number(left, f"'{node.operator}'")
            self._number(right, f"'{node.operator}'")
            if constant_value(left) is not None and constant_value(right) is not None:
                raise ExpressionError("both sides of this comparison are constants", node.span)
            self._check_certain(node.operator, left, right)
        return typed.Comparison(c_types.BOOL, node.span, node.operator, left, right)

    def _text_comparison(self, node: syntax.Binary, left: typed.Node, right: typed.Node) -> typed.Node:
        for text, other in ((left, right), (right, left)):
            if not c_types.is_text(other):
                raise ExpressionError(f"{_article(text)} can't be compared with {_article(other)}", node.span)
            check_text_ends(text)
            check_text_fits(text, other, "be")
        if node.operator in _ORDER:
            raise ExpressionError(
                f"texts have no '{node.operator}'",
                node.span,
                hint="there are ==, !=, startswith() and one_of()",
            )
        if isinstance(left, typed.TextConstant) and isinstance(right, typed.TextConstant):
            raise ExpressionError("both sides of this comparison are constants", node.span)
        return typed.TextComparison(c_types.BOOL, node.span, "==" if node.operator == "==" else "!=", left, right)

    def _check_pointers(self, node: syntax.Binary, left: typed.Node, right: typed.Node) -> None:
        for pointer, other in ((left, right), (right, left)):
            if _is_null(other) and (what := c_types.never_null(pointer)):
                raise ExpressionError(f"{what} is never NULL", pointer.span)
            if not _is_address(other) and not _is_null(other):
                raise ExpressionError(
                    f"a pointer ({c_types.words(pointer.type)}) can't be compared with {_article(other)}",
                    node.span,
                    hint="cast it: (unsigned long)pointer" if c_types.number(other.type) else "",
                )
        if not (_is_null(left) or _is_null(right) or _same_target(left.type, right.type)):
            raise ExpressionError(
                f"these are pointers to different things ({c_types.words(left.type)}, {c_types.words(right.type)})",
                node.span,
                hint="cast one to the other's type",
            )

    def _check_certain(self, operator: str, left: typed.Node, right: typed.Node) -> None:
        """Refuse a comparison with a constant that has one outcome only."""
        for node, other, turned in ((left, right, operator), (right, left, _TURNED[operator])):
            value = constant_value(other)
            if value is not None and (reason := certain(turned, node, value)):
                raise ExpressionError(reason, node.span)

    def _conditional(self, node: syntax.Conditional) -> typed.Node:
        condition, yes, no = self.node(node.condition), self.node(node.yes), self.node(node.no)
        self.truth(condition)
        return typed.Conditional(self._either(node, yes, no), node.span, condition, yes, no)

    def _either(self, node: syntax.Conditional, yes: typed.Node, no: typed.Node) -> Type:
        if c_types.number(yes.type) and c_types.number(no.type):
            return yes.type if yes.type == no.type else c_types.common(_promoted(yes), _promoted(no))
        if c_types.is_text(yes) and c_types.is_text(no):
            return c_types.TEXT
        if _is_address(yes) and (_is_null(no) or (_is_address(no) and _same_target(yes.type, no.type))):
            return c_types.decayed(yes.type)
        if _is_address(no) and _is_null(yes):
            return c_types.decayed(no.type)
        raise ExpressionError(
            f"the two branches of '?:' don't go together: {_shown(yes)} and {_shown(no)}",
            node.yes.span.to(node.no.span),
        )

    def _cast(self, node: syntax.Cast) -> typed.Node:
        operand = self.node(node.operand)
        type_ = find_type(node.type, self._kernel)
        wanted = c_types.number(type_) or c_types.pointer(type_)
        if wanted is None:
            raise ExpressionError(
                f"a cast gives a number or a pointer, not {c_types.words(type_)}",
                node.type.span,
                hint=_a_pointer(type_),
            )
        given = c_types.number(operand.type)
        if given is None and not _is_address(operand):
            raise ExpressionError(f"{_article(operand)} can't be cast", node.operand.span)
        if given is None and not isinstance(wanted, Pointer) and wanted.size < 8 and wanted != c_types.BOOL:
            raise ExpressionError(
                f"a pointer does not fit {c_types.words(type_)}",
                node.type.span,
                hint="cast it to unsigned long",
            )
        if given is not None and isinstance(wanted, Pointer) and given.size < 8 and not _is_null(operand):
            raise ExpressionError(f"{c_types.words(operand.type)} is too short for a pointer", node.operand.span)
        return typed.Cast(type_, node.span, operand)

    def _size_of(self, node: syntax.SizeOf) -> typed.Node:
        if isinstance(node.operand, syntax.TypeName):
            type_ = find_type(node.operand, self._kernel)
        else:
            operand = self.node(node.operand)
            if isinstance(operand, typed.Member) and operand.bit_size:
                raise ExpressionError(f"'{operand.name}' is a bit field; it has no sizeof", operand.span)
            type_ = operand.type
            if isinstance(operand, typed.TextConstant):
                type_ = Array(c_types.CHAR, len(operand.value) + 1)
        plain = strip(type_)
        if isinstance(plain, Void | Function | Forward):
            raise ExpressionError(f"{c_types.words(type_)} has no size", node.operand.span)
        return self._size(type_, node.span)

    def _size(self, type_: Type, span: Span) -> typed.Constant:
        size = self._kernel.size_of(type_)
        named = c_types.unqualified(type_)
        header = None
        if isinstance(named, Struct) and named.name:
            header = self._kernel.header_of(named.kind, named.name)
        if isinstance(named, Typedef):
            header = self._kernel.header_of("typedef", named.name)
            header = header if header is not None and header.startswith("linux/") else None
        is_known = header is not None or isinstance(named, Integer | Pointer)
        spelling = f"sizeof({c_types.words(named)})" if is_known else f"{size} /* sizeof({c_types.words(named)}) */"
        return typed.Constant(c_types.UNSIGNED_LONG, span, size, spelling, header)

    # Calls

    def _call(self, node: syntax.Call) -> typed.Node:
        arguments = tuple(self.node(argument) for argument in node.arguments)
        own = self._scope.functions.get(node.function)
        if own is not None:
            return self._own_call(node, own, arguments)
        builtin = BUILTINS.get(node.function)
        if builtin is None:
            known = [*BUILTINS, *self._scope.functions]
            raise ExpressionError(
                f"there is no function '{node.function}' here",
                node.function_span,
                hint=nearest(node.function, known) or f"the kernel's can't be called; {_OWN_FUNCTION}",
            )
        if not builtin.least <= len(arguments) <= builtin.most:
            raise ExpressionError(
                f"{node.function} takes {_counted(builtin.least, builtin.most)}, not {len(arguments)}",
                node.span,
                hint=builtin.usage,
            )
        return builtin.give(Use(node.span, arguments, self._scope))

    def _own_call(self, node: syntax.Call, own: Prototype, arguments: tuple[typed.Node, ...]) -> typed.Node:
        if len(arguments) != len(own.arguments):
            count = len(own.arguments)
            raise ExpressionError(f"{node.function} takes {_counted(count, count)}, not {len(arguments)}", node.span)
        for argument, wanted in zip(arguments, own.arguments, strict=True):
            if not _accepts(wanted, argument):
                raise ExpressionError(
                    f"{node.function} wants {c_types.words(wanted)} here, this is {_shown(argument)}",
                    argument.span,
                )
        if isinstance(strip(own.returns), Void):
            raise ExpressionError(f"{node.function} returns nothing (void)", node.span)
        if not (c_types.number(own.returns) or c_types.pointer(own.returns)):
            raise ExpressionError(
                f"{node.function} returns {c_types.words(own.returns)}; only numbers and pointers can be used",
                node.span,
            )
        return typed.Call(own.returns, node.span, node.function, arguments)

    def _container_of(self, node: syntax.ContainerOf) -> typed.Node:
        pointer = self.node(node.pointer)
        owner = find_type(node.type, self._kernel)
        if c_types.pointer(pointer.type) is None:
            raise ExpressionError(f"container_of takes a pointer, this is {c_types.words(pointer.type)}", pointer.span)
        assert isinstance(owner, Struct)
        offset, inside = 0, owner
        member: Type = owner
        for step in node.path:
            found = self._kernel.member(inside, step.name)
            if found is None:
                names = _member_names(inside, self._scope)
                raise ExpressionError(
                    f"{c_types.words(inside)} has no member '{step.name}'",
                    step.span,
                    hint=nearest(step.name, names),
                )
            offset += found.bit_offset
            member = found.type
            plain = strip(found.type)
            if isinstance(plain, Struct):
                inside = plain
        if not _same_target(pointer.type, Pointer(member)):
            raise ExpressionError(
                f"the pointer is {c_types.words(pointer.type)}, the member is {c_types.words(member)}",
                pointer.span,
            )
        path = tuple(step.name for step in node.path)
        return typed.ContainerOf(Pointer(owner), node.span, pointer, owner, path, offset)

    # What a use asks for

    def truth(self, node: typed.Node) -> None:
        """Refuse what is neither true nor false."""
        if what := c_types.never_null(node):
            hint = 'compare it, as in name == "lo"' if c_types.is_text(node) else ""
            raise ExpressionError(f"{what} is always true", node.span, hint=hint)
        if not (c_types.number(node.type) or c_types.pointer(node.type)):
            raise self._wanted("a condition", node)
        if c_types.number(node.type) and certain("!=", node, 0):
            raise ExpressionError("this is always true", node.span)
        if isinstance(node, typed.Conditional) and c_types.number(node.type):
            self.truth(node.yes)
            self.truth(node.no)

    def _number(self, node: typed.Node, what: str) -> typed.Node:
        if c_types.number(node.type) is None:
            raise self._wanted(what, node)
        return node

    def _wanted(self, what: str, node: typed.Node) -> ExpressionError:
        plain = strip(node.type)
        hint = ""
        if isinstance(plain, Struct):
            hint = _listed("its members are", _member_names(plain, self._scope))
        elif isinstance(plain, Pointer) and not c_types.is_text(node):
            hint = "a pointer's value is (unsigned long)pointer"
        return ExpressionError(f"{what} takes a number, this is {_shown(node)}", node.span, hint=hint)


def _whole_field(node: typed.Node) -> ExpressionError:
    return ExpressionError(f"{_function(node)}() makes a whole field; it can't be a part of an expression", node.span)


def _number(node: syntax.Number) -> typed.Node:
    if node.is_character:
        return typed.Constant(c_types.INT, node.span, node.value, node.spelling)
    is_decimal = not node.spelling.startswith("0")
    candidates = [c_types.INT, c_types.UNSIGNED_INT, c_types.LONG, c_types.UNSIGNED_LONG]
    if "ll" in node.suffix:
        candidates = [c_types.LONG_LONG, c_types.UNSIGNED_LONG_LONG]
    elif "l" in node.suffix:
        candidates = [c_types.LONG, c_types.UNSIGNED_LONG]
    for type_ in candidates:
        if "u" in node.suffix and type_.signed:
            continue
        if is_decimal and not type_.signed and "u" not in node.suffix and node.value < 2**63:
            continue
        if node.value < 1 << (8 * type_.size - type_.signed):
            is_large = node.value >= 2**63 and not node.suffix
            suffix = "u" if is_large else node.suffix
            return typed.Constant(type_, node.span, node.value, node.spelling + suffix)
    raise ExpressionError(f"{node.spelling}{node.suffix} does not fit its type", node.span)


def _promoted(node: typed.Node) -> Integer:
    if isinstance(node, typed.Member) and 0 < node.bit_size < 32:
        return c_types.INT
    return c_types.promoted(node.type)


def _is_address(node: typed.Node) -> bool:
    return c_types.pointer(c_types.decayed(node.type)) is not None


def _is_null(node: typed.Node) -> bool:
    return isinstance(node, typed.Constant) and node.value == 0


def _same_target(left: Type, right: Type) -> bool:
    """Whether C lets two pointers be compared or assigned without a cast."""
    first, second = c_types.pointer(c_types.decayed(left)), c_types.pointer(c_types.decayed(right))
    assert first is not None and second is not None
    one, other = _bare(first.target), _bare(second.target)
    return isinstance(one, Void) or isinstance(other, Void) or c_types.words(one) == c_types.words(other)


def _bare(type_: Type) -> Type:
    while isinstance(type_, Qualified | Typedef):
        type_ = type_.target
    return type_


def _accepts(wanted: Type, argument: typed.Node) -> bool:
    if c_types.number(wanted):
        return c_types.number(argument.type) is not None
    if c_types.pointer(wanted):
        return _is_null(argument) or (_is_address(argument) and _same_target(wanted, argument.type))
    return False


def _shown(node: typed.Node) -> str:
    if isinstance(node, typed.TextConstant):
        return "a text"
    return c_types.words(node.type)


def _article(node: typed.Node) -> str:
    if c_types.is_text(node):
        return "a text"
    if c_types.number(node.type):
        return "a number"
    if isinstance(strip(node.type), Array):
        return f"an array ({c_types.words(node.type)})"
    if _is_address(node):
        return f"a pointer ({c_types.words(node.type)})"
    return c_types.words(node.type)


def _a_pointer(type_: Type) -> str:
    return f"did you mean ({c_types.words(type_)} *)?" if isinstance(strip(type_), Struct) else ""


def _member_names(struct: Struct, scope: Scope) -> list[str]:
    """The names by which members can be reached, those of anonymous members among them."""
    names = []
    for member in scope.kernel.members(struct):
        plain = strip(member.type)
        if member.name:
            names.append(member.name)
        elif isinstance(plain, Struct):
            names.extend(_member_names(plain, scope))
    return names


def _counted(least: int, most: int) -> str:
    numbers = f"{least}" if least == most else f"{least} to {most}"
    return f"{numbers} argument{'' if most == 1 else 's'}"


def _listed(words: str, names: Iterable[str]) -> str:
    known = list(names)
    if not known:
        return ""
    shown = ", ".join(known[:8])
    return f"{words} {shown}" + (", ..." if len(known) > 8 else "")


def _function(node: typed.Node) -> str:
    """The name of the language's function that a node comes from."""
    match node:
        case typed.Address():
            return node.rendering
        case typed.BoundedText():
            return "text" if node.space == "kernel" else "user_text"
    return type(node).__name__.lower()
