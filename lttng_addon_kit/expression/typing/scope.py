# SPDX-License-Identifier: GPL-2.0-only
"""What an expression may speak of: one kernel's types, the hook's variables, parameters and functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lttng_addon_kit.expression.typing.typed import Clock
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Type

StructKind: TypeAlias = Literal["struct", "union"]


@dataclass(frozen=True)
class HookVariable:
    """One of the hook's arguments, or `$ret`, `$duration_ns`.

    Attributes:
        c_name: what the probe's C calls it.
        clock: the clock that it is a time of; None if it is none, or nobody knows.
    """

    c_name: str
    type: Type
    clock: Clock | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Parameter:
    """A module parameter; `c_text` is how the probe reads it.

    `length` is the most bytes that a text has, `text` what it is when the module is loaded.
    """

    kind: Literal["text", "integer", "boolean"]
    c_text: str
    length: int = 0
    text: bytes = b""


@dataclass(frozen=True)
class Prototype:
    """A function that the addon's own C defines."""

    returns: Type
    arguments: tuple[Type, ...]


@dataclass(frozen=True)
class Lookup:
    """A [[table]]; `c_name` is what the probe's C calls it, `key` the type of a number, or an array of characters."""

    c_name: str
    key: Type
    value: Type


@dataclass(frozen=True)
class Scope:
    """All names that the expressions of one event may use.

    `variables` and `parameters` are keyed by the names that a user writes: "skb", "$ret"; a parameter's without
    its `$`. With `nofault` every read through a pointer goes through the kernel's fault-proof copy. Without
    `trusted` the variables may lead to user space or be error numbers (ERR_PTR): what a function is called with or
    returns; the types of a kernel built by gcc don't say. `tracepoint` is the hook's, if it is one, and `no_arguments`
    says why a function's arguments are not among the variables, if they are not.
    """

    kernel: Kernel
    variables: Mapping[str, HookVariable]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    functions: Mapping[str, Prototype] = field(default_factory=dict)
    nofault: bool = False
    trusted: bool = True
    tracepoint: str | None = None
    no_arguments: str = ""
    tables: Mapping[str, Lookup] = field(default_factory=dict)

    def is_type(self, name: str) -> bool:
        """Whether `(name)` begins a cast: a typedef of the kernel's that no variable, function or table hides."""
        if name in self.variables or name in self.functions or name in self.tables:
            return False
        return self.kernel.find_typedef(name) is not None
