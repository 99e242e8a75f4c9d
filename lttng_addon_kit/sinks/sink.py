# SPDX-License-Identifier: GPL-2.0-only
"""What every sink says: which expressions it wants evaluated, when, and the C that takes their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from lttng_addon_kit.expression.c.c_tree import Do, If
from lttng_addon_kit.expression.fields.field_kind import FieldOptions, FieldValue
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.spec.positions import KeyPath
from lttng_addon_kit.spec.where import SourceTable

MomentName: TypeAlias = Literal["seen", "passed"]


@dataclass(frozen=True)
class Wanted:
    """An expression to be evaluated.

    Attributes:
        name: what its value is called.
        text: the expression.
        place: where addon.toml has it, for errors.
        options: how it is to be shown.
        is_shared: whether the value of another such expression with the same text will do.
    """

    name: str
    text: str
    place: KeyPath
    options: FieldOptions = field(default_factory=FieldOptions)
    is_shared: bool = False


@dataclass(frozen=True)
class SinkCode:
    """The C of a sink in a function that has the values.

    Attributes:
        locals: declarations, without the `;`.
        prepare: statements that fill the locals; once, where several sinks have the same.
        take: statements that take the values.
        after: statements that come when the probe has let go of what it collects into.
        used: the C names of the hook's variables that they read beside the values.
    """

    locals: tuple[str, ...] = ()
    prepare: tuple[Do, ...] = ()
    take: tuple[Do, ...] = ()
    after: tuple[If, ...] = ()
    used: frozenset[str] = frozenset()


class Sink(Protocol):
    """Where a probe gives values: one file here.

    Attributes:
        at: the moment of a hit: "seen" is before the filter, "passed" after it.
    """

    @property
    def at(self) -> MomentName: ...

    def wanted(self) -> Sequence[Wanted]:
        """The expressions, each by a name that no other sink of the probe has."""

    def code(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> SinkCode:
        """The C that takes the values, by the names of what was wanted.

        Raises:
            KitError: it can't take a value of that kind; with its place in addon.toml.
        """


@dataclass(frozen=True)
class Feed:
    """A table of addon.toml that takes values from a probe that the runtime attaches.

    Attributes:
        table: where the values come from.
        path: where addon.toml has it.
        sink: its sink, for the index of the probe that it gets.
    """

    table: SourceTable
    path: KeyPath
    sink: Callable[[int], Sink]
