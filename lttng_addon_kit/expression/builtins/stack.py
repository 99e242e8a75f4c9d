# SPDX-License-Identifier: GPL-2.0-only
"""stack([depth]) and user_stack([depth]): the call stacks in the kernel and in user space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lttng_addon_kit.expression.c.c_tree import C, Identifier, assign, call, number
from lttng_addon_kit.expression.c.local_names import wishes
from lttng_addon_kit.expression.c.probe_body import ProbeBody
from lttng_addon_kit.expression.fields.field_table import kind_of
from lttng_addon_kit.expression.fields.field_writer import FieldWriter, ProbeArgument
from lttng_addon_kit.expression.fields.integer_field import IntegerField
from lttng_addon_kit.expression.fields.sequence_field import SequenceField, SequenceValue
from lttng_addon_kit.expression.typing import c_types, typed
from lttng_addon_kit.expression.typing.functions import LanguageFunction, Use, limit_of
from lttng_addon_kit.expression.typing.scope import Scope
from lttng_addon_kit.kernel.types import Array, Pointer, Qualified

_DEEPEST = 64
_USUAL = 16
_ADDRESSES = Pointer(Qualified("const", c_types.UNSIGNED_LONG))


@dataclass(frozen=True)
class Stack(SequenceValue):
    """At most `depth` return addresses, of the kernel or of user space."""

    depth: int
    is_user: bool

    @property
    def function(self) -> str:
        return "user_stack" if self.is_user else "stack"

    def lower(self, name: str, writer: FieldWriter) -> tuple[ProbeArgument, ...]:
        body = writer.body
        stack = Identifier(body.names.of(self))
        length = Identifier(f"{stack.name}_length")
        if not body.has_local(stack.name):
            body.declare(stack.name, Array(c_types.UNSIGNED_LONG, self.depth))
            body.declare(length.name, c_types.UNSIGNED_INT)
            writer.statements.append(assign(length.name, self._saved(stack, body)))
        return writer.argument(name, _ADDRESSES, stack), writer.argument(f"{name}_length", c_types.SIZE, length)

    def _saved(self, stack: Identifier, body: ProbeBody) -> C:
        """The call that fills the array; how many there are."""
        body.headers.add("linux/kernel.h")
        size = call("ARRAY_SIZE", stack)
        if self.is_user:
            body.runtime_headers.add("lttng-addon-user-stack.h")
            return call("lttng_addon_user_stack", stack, size)
        body.headers.add("linux/stacktrace.h")
        return call("stack_trace_save", stack, size, number(1))


def _giving(*, is_user: bool) -> Callable[[Use], typed.Node]:
    def give(use: Use) -> typed.Node:
        depth = limit_of(use.arguments[0], _DEEPEST, "depth") if use.arguments else _USUAL
        return Stack(Array(c_types.UNSIGNED_LONG, depth), use.span, depth, is_user)

    return give


FUNCTIONS = (
    LanguageFunction("stack([depth])", 0, 1, _giving(is_user=False)),
    LanguageFunction("user_stack([depth])", 0, 1, _giving(is_user=True)),
)


@kind_of.register
def _kind(node: Stack, scope: Scope) -> SequenceField:
    return SequenceField(IntegerField(8, False, 16), node.depth)


@wishes.register
def _name(node: Stack) -> tuple[str, ...]:
    return (node.function,)
