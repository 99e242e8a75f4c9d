# SPDX-License-Identifier: GPL-2.0-only
"""`[[event]]`: one event, and what differs of it on some kernels."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, model_validator

from lttng_addon_kit.spec.c_names import Identifier, c_identifier
from lttng_addon_kit.spec.lttng_names import provider_of
from lttng_addon_kit.spec.spec_table import Expression, Line, SpecTable, value_as_table
from lttng_addon_kit.spec.where import WhereTable

# LTTNG_KERNEL_ABI_SYM_NAME_LEN is 256 (lttng-modules, include/lttng/abi.h); the kernel's own symbols are shorter.
EVENT_NAME_LENGTH = 100
# Macros that LTTng's own macros use (lttng/tracepoint-event-impl.h): a provider's name is undefined around them.
_MACROS_OF_PROBES = frozenset({"current", "notrace", "THIS_MODULE"})


def _event_name(text: str) -> str:
    c_identifier(text)
    if len(text) > EVENT_NAME_LENGTH:
        raise ValueError(f"an event's name has at most {EVENT_NAME_LENGTH} characters, this one {len(text)}")
    if not re.fullmatch(r"[A-Za-z0-9]\w*_[A-Za-z0-9]\w*", text):
        raise ValueError(
            f"{text!r}: LTTng wants an event's name to be its provider's name, '_' and at least one letter, "
            "as in 'sched_wakeup'"
        )
    if (provider := provider_of(text)) in _MACROS_OF_PROBES:
        raise ValueError(f"{text!r}: LTTng's probes need the kernel's macro {provider!r}; choose another beginning")
    return text


class FieldTable(SpecTable):
    """One field of an event: an expression, and how to show it."""

    value: Expression
    """An expression; a bare text in place of the table is short for it."""
    base: Literal[2, 8, 10, 16] | None = None
    """How an integer is shown (default: 16 for pointers, 10 for all else)."""


Fields = dict[Identifier, Annotated[FieldTable, value_as_table("value", FieldTable)]]


class WhenTable(SpecTable):
    """What differs on some kernels: a version range, and the keys that it replaces."""

    kernel: Line
    """A range of versions, as `>= 6.1, < 6.8`."""
    hook: Line | None = None
    """Another hook, for these kernels."""
    filter: Expression | None = None
    """Another filter, for these kernels."""
    fields: Fields = {}
    """Fields to add, or to replace by name; the others stay."""

    @model_validator(mode="after")
    def _range(self) -> Self:
        try:
            SpecifierSet(self.kernel)
        except InvalidSpecifier:
            raise ValueError(
                f"{self.kernel!r} is not a range of kernel versions, as in '>= 6.12' or '>= 6.1, < 6.8'"
            ) from None
        return self

    def covers(self, version: tuple[int, int, int]) -> bool:
        """Whether a kernel of this version is in the range."""
        return SpecifierSet(self.kernel).contains(".".join(map(str, version)))


class EventTable(WhereTable):
    """`[[event]]`: where to look, when to record, what to record."""

    name: Annotated[str, AfterValidator(_event_name)]
    """The LTTng event's name: a C identifier with an underscore in the middle."""
    hook: str
    """Where the probe attaches, as `tracepoint:sched_switch`."""
    arguments: dict[Identifier, Line] = {}
    """Of a `call:` hook: the arguments that your own C gives, each with its C type."""
    reads: Literal["direct", "nofault"] = "direct"
    """`nofault`: reads through pointers are copies that can't fault; for pointers that may be invalid."""
    fields: Fields = {}
    """What to record: names and expressions."""
    when: list[WhenTable] = []
    """What differs on some kernels."""

    @property
    def duration_field(self) -> str | None:
        """The field that is `$duration_ns`: how long what ends with the event took."""
        return next((name for name, field in self.fields.items() if field.value.strip() == "$duration_ns"), None)

    def on(self, version: tuple[int, int, int]) -> EventTable:
        """This event as it is on a kernel of that version: its `when` tables applied, in their order."""
        changed: dict[str, Any] = {"fields": dict(self.fields), "when": []}
        for range_ in self.when:
            if not range_.covers(version):
                continue
            changed["fields"] |= range_.fields
            changed |= {key: value for key in ("hook", "filter") if (value := getattr(range_, key)) is not None}
        return self.model_copy(update=changed)
