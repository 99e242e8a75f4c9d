# SPDX-License-Identifier: GPL-2.0-only
"""A whole event's expressions -> C: the filter's statements, the fields', and a value for each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lttng_addon_kit.expression.c.c_tree import Goto, If, Return, Statement
from lttng_addon_kit.expression.c.helper_functions import helper_function
from lttng_addon_kit.expression.c.printer import lines
from lttng_addon_kit.expression.c.private_structs import PrivateStruct
from lttng_addon_kit.expression.c.probe_body import ProbeBody
from lttng_addon_kit.expression.c.probe_filter import ProbeFilter
from lttng_addon_kit.expression.fields.field_kind import FieldValue, WantedField
from lttng_addon_kit.expression.fields.field_table import field_kind
from lttng_addon_kit.expression.fields.field_writer import FieldWriter
from lttng_addon_kit.expression.syntax.expression_error import ExpressionError
from lttng_addon_kit.expression.typing import typed
from lttng_addon_kit.expression.typing.scope import Scope

# The kernel warns of frames larger than 2048 bytes (CONFIG_FRAME_WARN); LTTng's probe needs some, too.
LARGEST_FRAME = 1024


@dataclass(frozen=True)
class Lowered:
    """The C of one event.

    Attributes:
        locals: declarations for the head of the probe's function, without the `;`.
        filter: statements that leave the function unless the filter holds.
        statements: statements that the values need, for events that pass.
        values: the fields, in their order.
        includes: kernel headers, sorted.
        runtime_headers: headers of runtime/, sorted.
        forwards: "struct foo" of all structs that declarations point to; headers may or may not have them.
        layouts: structs that no header has, in the order in which C wants them.
        functions: definitions of C functions that the statements call, and declarations of variables.
        zeros: bytes that a `static const u8 zeros[]`, aligned to 8, must have; 0: none is needed.
        used: the C names of the hook's variables that are read.
        called: the functions that are called.
        cgroups: the parameters that name a cgroup.
    """

    locals: tuple[str, ...]
    filter: tuple[Statement, ...]
    statements: tuple[Statement, ...]
    values: tuple[FieldValue, ...]
    includes: tuple[str, ...]
    runtime_headers: tuple[str, ...]
    forwards: tuple[str, ...]
    layouts: tuple[PrivateStruct, ...]
    functions: tuple[str, ...]
    zeros: int
    used: frozenset[str]
    called: frozenset[str]
    cgroups: frozenset[str]

    @property
    def filter_lines(self) -> list[str]:
        """The filter's statements as kernel-style C, one tab deep."""
        return self.filter_left_by(Return())

    def filter_left_by(self, leave: Return | Goto) -> list[str]:
        """As `filter_lines`, for a function in which `leave` must be done where the filter does not hold."""
        return lines([replace(each, body=leave) if isinstance(each, If) else each for each in self.filter])

    @property
    def may_leave(self) -> bool:
        """Whether the filter has a statement that leaves the function."""
        return any(isinstance(each, If) for each in self.filter)

    @property
    def value_lines(self) -> list[str]:
        """The fields' statements as kernel-style C, one tab deep."""
        return lines(self.statements)


def lower_event(filter_: typed.Node | None, fields: Sequence[WantedField], scope: Scope) -> Lowered:
    """Turn an event's filter and fields into C.

    Args:
        filter_: what `read_filter` gave; None records every event.
        fields: the event's fields in their order.
        scope: the one that the expressions were read with.

    Raises:
        ExpressionError: an expression can't be a field, or not with its options.
    """
    kinds = [field_kind(field.value, field.options, scope) for field in fields]
    body = ProbeBody(scope, [node for node in (filter_, *(field.value for field in fields)) if node is not None])
    written = ProbeFilter(body)
    if filter_ is not None:
        written.require(filter_)
        _check_frame(body, filter_, "")
    writer = FieldWriter(body, written.facts)
    passed = []
    for field, kind in zip(fields, kinds, strict=True):
        passed.append(FieldValue(field.name, kind, kind.lower(field, writer)))
        _check_frame(body, field.value, field.name)
    layouts = body.layouts.all()
    return Lowered(
        locals=body.locals,
        filter=tuple(written.statements),
        statements=tuple(writer.statements),
        values=tuple(passed),
        includes=body.includes,
        runtime_headers=tuple(sorted(body.runtime_headers)),
        forwards=tuple(sorted(body.declarations.forwards)),
        layouts=layouts,
        functions=(*sorted(body.externs), *(helper_function(name) for name in sorted(body.helpers))),
        zeros=writer.zeros,
        used=frozenset(body.used),
        called=frozenset(body.called),
        cgroups=frozenset(body.cgroups),
    )


def _check_frame(body: ProbeBody, node: typed.Node, field: str) -> None:
    """Refuse more copies than the kernel's small stack has room for."""
    if body.frame > LARGEST_FRAME:
        raise ExpressionError(
            f"with this, {body.frame} bytes are copied to the kernel's stack; {LARGEST_FRAME} at most",
            node.span,
            hint="bound what is copied: text(x, max), bytes(x, length, max)",
            field=field,
        )
