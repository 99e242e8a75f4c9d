"""A whole event's expressions -> C: the filter's statements, the fields', and a value for each field.

Every pointer that is followed is loaded and checked once: in the filter by leaving the probe, in a field by giving 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lttng_addon_kit.expression.c import conditions, operators
from lttng_addon_kit.expression.c.conditions import Condition, Test, either, every
from lttng_addon_kit.expression.c.guards import Copy, Facts, Load, Step, tested
from lttng_addon_kit.expression.c.helper_functions import support_function
from lttng_addon_kit.expression.c.operators import C
from lttng_addon_kit.expression.c.private_structs import Layout
from lttng_addon_kit.expression.c.statements import Assign, If, Statement, lines
from lttng_addon_kit.expression.c.values import EMPTY, NULL, Values
from lttng_addon_kit.expression.expression_error import ExpressionError
from lttng_addon_kit.expression.fields.field_kinds import (
    AddressField,
    ArrayField,
    BooleanField,
    EnumField,
    FieldKind,
    FieldOptions,
    IntegerField,
    PointerField,
    SequenceField,
    TextField,
    field_kind,
)
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Pointer, Qualified, Struct, Type, strip

_LONGEST_ARGUMENT = 60
# A local that gets its value inside an expression.
_SIDE_EFFECT = re.compile(r"\(\w+ = |nofault")
# The kernel warns of frames larger than 2048 bytes (CONFIG_FRAME_WARN); LTTng's probe needs some, too.
LARGEST_FRAME = 1024
ZEROS = "zeros"


@dataclass(frozen=True)
class EventField:
    """A field to be recorded."""

    name: str
    value: typed.Node
    options: FieldOptions = field(default_factory=FieldOptions)


@dataclass(frozen=True)
class ProbeArgument:
    """One argument of LTTng's generated probe: its C declaration (with the name), and what to pass for it."""

    name: str
    declaration: str
    text: str


@dataclass(frozen=True)
class Value:
    """One field, ready for the probe. A `SequenceField` has two arguments: the data, and how many elements."""

    name: str
    kind: FieldKind
    arguments: tuple[ProbeArgument, ...]


@dataclass(frozen=True)
class Lowered:
    """The C of one event.

    Attributes:
        locals: declarations for the head of the probe's function, without the `;`.
        filter: statements that return from the function unless the filter holds.
        statements: statements that the values need, for events that pass.
        values: the fields, in their order.
        includes: kernel headers, sorted.
        forwards: "struct foo" of all structs that declarations point to; headers may or may not have them.
        layouts: structs that no header has, in the order in which C wants them.
        functions: definitions of C functions that the statements call.
        zeros: bytes that a `static const u8 zeros[]`, aligned to 8, must have; 0: none is needed.
    """

    locals: tuple[str, ...]
    filter: tuple[Statement, ...]
    statements: tuple[Statement, ...]
    values: tuple[Value, ...]
    includes: tuple[str, ...]
    forwards: tuple[str, ...]
    layouts: tuple[Layout, ...]
    functions: tuple[str, ...]
    zeros: int

    @property
    def filter_lines(self) -> list[str]:
        """The filter's statements as kernel-style C, one tab deep."""
        return lines(self.filter)

    @property
    def value_lines(self) -> list[str]:
        """The fields' statements as kernel-style C, one tab deep."""
        return lines(self.statements)


def lower_event(filter_: typed.Node | None, fields: Sequence[EventField], scope: Scope) -> Lowered:
    """Turn an event's filter and fields into C.

    Args:
        filter_: what `annotate.read_filter` gave; None records every event.
        fields: the event's fields in their order.
        scope: the one that the expressions were annotated with.

    Raises:
        ExpressionError: an expression can't be a field, or not with its options.
    """
    kinds = [field_kind(field.value, field.options, scope) for field in fields]
    event = _Event(scope, [node for node in (filter_, *(field.value for field in fields)) if node is not None])
    if filter_ is not None:
        event.filter_by(filter_)
        event.check_frame(filter_, "")
    values = []
    for each, kind in zip(fields, kinds, strict=True):
        values.append(event.field(each, kind))
        event.check_frame(each.value, each.name)
    return event.lowered(tuple(values))


class _Event:
    def __init__(self, scope: Scope, nodes: Sequence[typed.Node]) -> None:
        self._scope = scope
        self._values = Values(scope, nodes)
        self._facts = Facts()
        self._filter: list[Statement] = []
        self._pending: list[Condition] = []
        self._statements: list[Statement] = []
        self._zeros = 0

    def lowered(self, values: tuple[Value, ...]) -> Lowered:
        made = self._values
        layouts = made.layouts.all()
        return Lowered(
            locals=_ordered(list(made.locals.values())),
            filter=tuple(self._filter),
            statements=tuple(self._statements),
            values=values,
            includes=tuple(sorted(made.headers | made.declarations.headers)),
            forwards=tuple(sorted(made.declarations.forwards)),
            layouts=layouts,
            functions=tuple(support_function(name) for name in sorted(made.functions)),
            zeros=self._zeros,
        )

    def check_frame(self, node: typed.Node, field: str) -> None:
        """Refuse more copies than the kernel's small stack has room for."""
        if self._values.frame > LARGEST_FRAME:
            raise ExpressionError(
                f"with this, {self._values.frame} bytes are copied to the kernel's stack; {LARGEST_FRAME} at most",
                node.span,
                hint="bound what is copied: text(x, max), bytes(x, length, max)",
                field=field,
            )

    # The filter

    def filter_by(self, node: typed.Node) -> None:
        self._require(node, True)
        self._leave_if_pending()

    def _require(self, node: typed.Node, want: bool) -> None:
        """Go on only if a node is true (false, if not `want`)."""
        match node:
            case typed.Not():
                self._require(node.operand, not want)
            case typed.Logical() if (node.operator == "&&") == want:
                self._require(node.left, want)
                self._require(node.right, want)
            case typed.Logical():
                for step in self._values.needed_first(node, want, self._facts):
                    self._require_step(step)
                self._leave_if_pending()
                condition, known, _ = self._values.condition(node, want, self._facts)
                self._facts = known
                self._pending.append(condition)
            case _:
                steps: list[Step] = []
                test = self._values.test(node, want, self._facts, steps)
                for step in steps:
                    self._require_step(step)
                self._pending.append(test)

    def _require_step(self, step: Step) -> None:
        if not isinstance(step, Load):
            self._pending.append(step.test)
            return
        self._leave_if_pending()
        self._filter.append(Assign(step.local, step.value))
        if step.check is not None:
            self._pending.append(step.check(C(step.local)))

    def _leave_if_pending(self) -> None:
        if self._pending:
            self._filter.append(If(either([~condition for condition in self._pending]), "return"))
            self._pending = []

    # Fields

    def field(self, field: EventField, kind: FieldKind) -> Value:
        node = field.value
        match kind:
            case SequenceField() if isinstance(node, typed.Stack):
                return self._stack(field, kind, node)
            case SequenceField():
                assert isinstance(node, typed.Bytes)
                return self._bytes(field, kind, node)
            case TextField():
                return self._one(field, kind, Pointer(Qualified("const", c_types.CHAR)))
            case ArrayField():
                return self._array(field, kind, _element_type(node.type, kind.element.size))
            case AddressField() if kind.rendering != "ip4":
                return self._array(field, kind, c_types.U8)
            case AddressField():
                return self._one(field, kind, c_types.BE32)
            case BooleanField():
                return self._one(field, kind, c_types.C_BOOL)
            case PointerField():
                return self._one(field, kind, _shown_pointer(node.type))
            case EnumField() | IntegerField():
                return self._one(field, kind, c_types.unqualified(node.type))

    def _one(self, field: EventField, kind: FieldKind, type_: Type) -> Value:
        is_text = isinstance(kind, TextField)
        zero = NULL if isinstance(type_, Pointer) else "0"
        if isinstance(kind, TextField):
            zero = f"(const char *){ZEROS}" if kind.fixed else EMPTY
        text, open_ = self._reached(field.value, as_text=is_text)
        if open_ and isinstance(kind, TextField) and kind.fixed:
            self._zeros = max(self._zeros, kind.limit)
        value = self._sequenced(field.name, type_, self._if_reached(text, open_, zero))
        return Value(field.name, kind, (self._argument(field.name, type_, value),))

    def _sequenced(self, field: str, type_: Type, text: C) -> C:
        """A long value, or one that has a side effect, in a statement: C orders no arguments of a call."""
        if len(text.text) <= _LONGEST_ARGUMENT and not _SIDE_EFFECT.search(text.text):
            return text
        name = self._values.names.fresh(field, f"{field}_value")
        self._values.declare(name, self._values.declarations.declare(type_, name), self._scope.kernel.size_of(type_))
        self._statements.append(Assign(name, text))
        return C(name)

    def _array(self, field: EventField, kind: FieldKind, element: Type) -> Value:
        """An array's address; where it is not there, that of as many zeros."""
        size = kind.element.size * kind.length if isinstance(kind, ArrayField) else 16
        text, open_ = self._reached(field.value, as_text=False)
        type_ = Pointer(Qualified("const", element))
        value = field.value.value if isinstance(field.value, typed.Address) else field.value
        if text.text.startswith("&") or not _has_elements(value.type, element):
            text = self._cast(text, type_)
        if open_:
            self._zeros = max(self._zeros, size)
            text = self._if_reached(text, open_, f"({self._declared(type_)}){ZEROS}")
        text = self._sequenced(field.name, type_, text)
        return Value(field.name, kind, (self._argument(field.name, type_, text),))

    def _bytes(self, field: EventField, kind: FieldKind, node: typed.Bytes) -> Value:
        facts, steps = self._facts.fork(), list[Step]()
        pointer = self._values.followed(node.pointer, facts, steps)
        length = self._values.value(node.length, facts, steps)
        open_ = self._settled(steps, facts)
        length = self._if_reached(self._bounded(node, length), open_, "0")
        type_ = Pointer(Qualified("const", c_types.U8))
        if self._scope.nofault or not length.text.isdigit():
            name = self._values.names.fresh(f"{field.name}_length")
            self._values.declare(name, f"size_t {name}", 8)
            self._statements.append(Assign(name, length))
            length = C(name)
        data = pointer if _has_elements(node.pointer.type, c_types.U8) else self._cast(pointer, type_)
        if self._scope.nofault:
            data = self._copied_bytes(field.name, pointer, node.limit, length.text)
        elif open_ and not _is_name(pointer):
            data = self._if_reached(data, open_, NULL)
        arguments = (
            self._argument(field.name, type_, data),
            self._argument(f"{field.name}_length", _SIZE, length),
        )
        return Value(field.name, kind, arguments)

    def _bounded(self, node: typed.Bytes, length: C) -> C:
        constant = c_types.number(node.length.type)
        assert constant is not None
        if isinstance(node.length, typed.Constant):
            return C(str(min(node.length.value, node.limit)))
        self._values.headers.add("linux/minmax.h")
        if constant.signed:
            return operators.call("clamp_t", "long", length, "0", str(node.limit))
        return operators.call("min_t", "size_t", length, str(node.limit))

    def _copied_bytes(self, name: str, pointer: C, limit: int, length: str) -> C:
        self._values.headers.add("linux/uaccess.h")
        copy = self._values.names.fresh(f"{name}_bytes")
        self._values.declare(copy, f"u8 {copy}[{limit}]", limit)
        failed = operators.call("copy_from_kernel_nofault", copy, pointer, length)
        self._statements.append(If(Test(failed, operators.prefix("!", failed)), f"{length} = 0"))
        return C(copy)

    def _stack(self, field: EventField, kind: FieldKind, node: typed.Stack) -> Value:
        self._values.headers.update(("linux/stacktrace.h", "linux/kernel.h"))
        stack = self._values.names.of(node)
        length = f"{stack}_length"
        if stack not in self._values.locals:
            self._values.declare(stack, f"unsigned long {stack}[{node.depth}]", 8 * node.depth)
            self._values.declare(length, f"unsigned int {length}", 4)
            saved = operators.call("stack_trace_save", stack, f"ARRAY_SIZE({stack})", "1")
            self._statements.append(Assign(length, saved))
        arguments = (
            self._argument(field.name, Pointer(Qualified("const", c_types.UNSIGNED_LONG)), C(stack)),
            self._argument(f"{field.name}_length", _SIZE, C(length)),
        )
        return Value(field.name, kind, arguments)

    # Values that may not be there

    def _reached(self, node: typed.Node, *, as_text: bool) -> tuple[C, list[Condition]]:
        """The value of a node, and the conditions under which it may be computed."""
        facts, steps = self._facts.fork(), list[Step]()
        if as_text:
            text = self._values.text(node, facts, steps)[0]
        elif isinstance(node, typed.Address):
            text = self._address(node, facts, steps)
        elif node.type == c_types.BOOL:
            text = conditions.c_text(self._values.condition(node, True, facts)[0])
        else:
            text = self._values.value(node, facts, steps)
        return text, self._settled(steps, facts, node)

    def _address(self, node: typed.Address, facts: Facts, steps: list[Step]) -> C:
        """An address by value; or, if it is long, a pointer that may be followed."""
        if node.rendering == "ip4":
            return self._values.value(node.value, facts, steps)
        pointer = self._values.followed(node.value, facts, steps)
        if self._scope.nofault and not isinstance(strip(node.value.type), Array):
            return self._values.copied_address(node, pointer, facts, steps)
        return pointer

    def _settled(self, steps: Sequence[Step], facts: Facts, whole: typed.Node | None = None) -> list[Condition]:
        """Do in statements what can be kept for later fields; return the tests that are left for the value.

        A pointer becomes `dev = skb ? skb->dev : NULL`, so that testing `dev` tests all; the same with 0 for what is
        the `whole` value.
        """
        open_: list[Condition] = []
        for step in steps:
            match step:
                case Load():
                    self._statements.append(Assign(step.local, self._if_reached(step.value, open_, step.zero)))
                    self._keep(step.node, facts)
                    if step.check is not None:
                        open_ = [step.check(C(step.local))]
                    else:
                        # Where it can't be computed, the local is NULL, and says so as well as what was tested.
                        open_ = [conditions.truth(C(step.local))] if open_ and step.zero == NULL else open_
                        self._facts.conditions[step.node] = tuple(open_)
                        open_ = [] if step.node == whole else open_
                case Copy() if c_types.pointer(step.node.type) or step.node == whole or _is_text_of(step.node, whole):
                    self._statements.append(If(~every([*open_, step.test]), step.zero))
                    self._keep(step.node, facts)
                    open_ = []
                case _:
                    open_.append(tested(step))
        return open_

    def _keep(self, node: typed.Node, facts: Facts) -> None:
        self._facts.held[node] = facts.held[node]
        if node in facts.implied:
            self._facts.implied[node] = facts.implied[node]

    def _if_reached(self, text: C, open_: Sequence[Condition], zero: str) -> C:
        if not open_:
            return text
        return operators.choice(conditions.c_text(every(open_)), text, C(zero))

    def _argument(self, name: str, type_: Type, text: C) -> ProbeArgument:
        return ProbeArgument(name, self._values.declarations.declare(type_, name), text.text)

    def _declared(self, type_: Type) -> str:
        return self._values.declarations.declare(type_, "").strip()

    def _cast(self, text: C, type_: Type) -> C:
        return operators.cast(self._declared(type_), text)


_SIZE = c_types.SIZE


def _is_text_of(node: typed.Node, whole: typed.Node | None) -> bool:
    """Whether a copied text is that of a `char *` which is the whole value."""
    return isinstance(node, typed.BoundedText) and node.pointer == whole


def _is_name(text: C) -> bool:
    return text.text.isidentifier()


def _element_type(type_: Type, size: int) -> Type:
    plain = strip(type_)
    assert isinstance(plain, Array)
    element = c_types.unqualified(plain.element)
    return c_types.UNSIGNED_LONG if c_types.pointer(element) else element if c_types.number(element) else c_types.U8


def _has_elements(type_: Type, element: Type) -> bool:
    """Whether C takes a pointer (or array) of that type as one to such elements without a cast."""
    found = c_types.pointer(c_types.decayed(type_))
    return found is not None and strip(found.target) == strip(element)


def _shown_pointer(type_: Type) -> Type:
    """`const void *`, or a pointer to a constant struct: enough for a value that is never followed."""
    found = c_types.pointer(c_types.decayed(type_))
    assert found is not None
    target = strip(found.target)
    if isinstance(target, Struct) and target.name:
        return Pointer(Qualified("const", target))
    return Pointer(Qualified("const", c_types.VOID))


def _ordered(declarations: Sequence[str]) -> tuple[str, ...]:
    """The longest first, as network code has them; those that speak of others (typeof) last."""
    return tuple(sorted(declarations, key=lambda text: (text.startswith("typeof"), -len(text), text)))
