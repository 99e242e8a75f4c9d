# SPDX-License-Identifier: GPL-2.0-only
"""A hook: one place in one kernel, with all that its probe's C is written from; and what a kind of hook is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lttng_addon_kit.expression.typing.scope import HookVariable
from lttng_addon_kit.kernel.kernel import Kernel
from lttng_addon_kit.kernel.types import Argument, Type


@dataclass(frozen=True)
class Saved:
    """A value that is read when a call begins and kept until it returns; `reading` as a ProbeVariable's."""

    name: str
    type: Type
    reading: str


@dataclass(frozen=True)
class ProbeVariable(HookVariable):
    """A name that expressions may use at a hook.

    Attributes:
        reading: the C that has its value in the hook's own probe; `{name}` stands for its C name, `{type}` for its
            C type.
        saved: what must be saved before, for `reading` to have it.
        holder: the probe's parameter in which it is found, if `c_name` is a way to it and no name.
    """

    reading: str = "{name}"
    saved: Saved | None = None
    holder: HookVariable | None = None


@dataclass(frozen=True)
class Hook:
    """One place in one kernel.

    Attributes:
        kind: the word of its kind, after which its template is named.
        name: as in addon.toml, after the kind's word.
        module: the kernel module that has it, to be loaded first; None for the kernel itself.
        arguments: what the kernel calls the hook's probe with, for a kind whose probe's prototype they are.
        variables: what expressions may use, by the name that a user writes.
        headers: what the template's C needs.
        no_arguments: why a function's arguments are not among the variables, if they are not.
        trusted: whether pointers among the variables never lead to user space, nor are error numbers.
        tracepoint: the kernel's tracepoint that LTTng and the runtime attach its probe to; None where there is none.
        is_attached: whether the template has functions that attach and detach its probe.
        is_tried: whether it has one, too, that sees whether the kernel takes the probe; else attaching it does.
        result: C for what the probe's function returns; "" for nothing.
        is_of_addon: whether the addon's own C calls it: maybe from what another probe calls.
        missed: C for the counters of hits that the kernel dropped; `{probe}` stands for the probe's name.
        details: what only the kind's own template reads.
    """

    kind: str
    name: str
    variables: Mapping[str, ProbeVariable]
    headers: tuple[str, ...]
    module: str | None = None
    arguments: tuple[Argument, ...] = ()
    no_arguments: str = ""
    trusted: bool = False
    tracepoint: str | None = None
    is_attached: bool = False
    is_tried: bool = False
    result: str = ""
    is_of_addon: bool = False
    missed: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_tracepoint(self) -> bool:
        return self.tracepoint is not None

    @property
    def text(self) -> str:
        """The hook as addon.toml writes it."""
        return f"{self.kind}:{self.name}"


class HookKind(Protocol):
    """A kind of hook: one file here, named by its word, with one template templates/hooks/WORD.j2 beside it.

    Attributes:
        USAGE: how addon.toml names such a hook.
        TAKES_ARGUMENTS: whether addon.toml declares what the probe is called with.
        SHOWN_AS: what `lttng-addon show` shows: "tracepoint", "function", "hook" (its variables), or None: nothing.
    """

    USAGE: str
    TAKES_ARGUMENTS: bool
    SHOWN_AS: str | None

    def hook_names(self, kernel: Kernel, pattern: str) -> Iterable[str]:
        """The names of a kernel's hooks of this kind that a pattern (as of a shell) matches, for completion."""

    def find_hook(self, name: str, kernel: Kernel, arguments: Sequence[Argument]) -> Hook:
        """The hook of that name in a kernel; `arguments` are those of addon.toml.

        Raises:
            KitError: it does not exist or can't be hooked; with the reason and the nearest names.
        """
