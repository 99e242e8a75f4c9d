# SPDX-License-Identifier: GPL-2.0-only
"""The sinks of a [[span]]'s edges: a probe begins a span there, ends it, or drops it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import (
    FALSE,
    NULL,
    ZERO,
    Assignment,
    C,
    Do,
    Identifier,
    If,
    MemberAccess,
    Prefix,
    call,
    number,
    size_of,
)
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kind import FieldValue
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.expression.typing.typed import Clock
from lttng_addon_kit.kernel.types import Type
from lttng_addon_kit.sinks.sink import MomentName, SinkCode, Wanted
from lttng_addon_kit.spec.positions import KeyPath

EdgeRole = Literal["begin", "end", "drop"]

_KEY = Identifier("span_key")
_KEPT = Identifier("kept")
_ENDED = Identifier("ended")
_HAS_ENDED = Identifier("has_ended")


@dataclass(frozen=True)
class KeptValue:
    """A value that a span keeps: its member's declaration, and how the end's expressions have it.

    `clock`: the one that it is a time of, if that is known.
    """

    name: str
    text: str
    declaration: str
    type: Type
    place: KeyPath
    clock: Clock | None = None


@dataclass(frozen=True)
class SpanShape:
    """A span's structs in C: `c_name` begins all its names; `key` are its parts' types."""

    name: str
    c_name: str
    key: tuple[AbiType, ...]
    kept: tuple[KeptValue, ...]
    tracepoint: str

    @property
    def key_members(self) -> tuple[str, ...]:
        """The declarations of the key's members, each as large as makes it a multiple of 8 bytes."""
        return tuple(_declared(type_, f"part{index}") for index, type_ in enumerate(self.key, start=1))


@dataclass(frozen=True)
class SpanEdgeSink:
    """The sink of one edge.

    Attributes:
        role: what happens to the span.
        keys: the key's expressions.
        path: where addon.toml has the edge.
        number: which of the span's ends it is, from 0.
        told: C for the arguments that the span's tracepoint gets from an end.
        used: the C names of the hook's variables among those.
    """

    shape: SpanShape
    role: EdgeRole
    keys: Sequence[str]
    path: KeyPath
    number: int = 0
    told: tuple[C, ...] = ()
    used: frozenset[str] = frozenset()
    at: MomentName = "passed"

    def wanted(self) -> Sequence[Wanted]:
        """The key, and what is kept."""
        keys = [
            Wanted(f"part{index}", text, (*self.path, "key", index - 1))
            for index, text in enumerate(self.keys, start=1)
        ]
        kept = self.shape.kept if self.role == "begin" else ()
        return [*keys, *(Wanted(f"kept_{each.name}", each.text, each.place) for each in kept)]

    def code(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> SinkCode:
        """See Sink."""
        take = [*self._key(values, errors)]
        write = {"begin": self._begin, "end": self._end, "drop": self._drop}[self.role]
        return write(take, values)

    def _key(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> Iterator[Do]:
        for index, expected in enumerate(self.shape.key, start=1):
            value = values[f"part{index}"]
            with errors.at((*self.path, "key", index - 1)):
                found = value.kind.key().type
                if found.size != expected.size:
                    raise KitError(f"this key is {found.name}, but where the span first begins it is {expected.name}")
            yield value.kind.into_member(MemberAccess(_KEY, ".", f"part{index}"), value.value)

    def _begin(self, take: list[Do], values: Mapping[str, FieldValue]) -> SinkCode:
        kept = self.shape.kept
        for each in kept:
            value = values[f"kept_{each.name}"]
            take.append(value.kind.keep(MemberAccess(_KEPT, ".", each.name), value.value))
        passed = (Prefix("&", _KEPT), size_of(_KEPT)) if kept else (NULL, ZERO)
        take.append(Do(call("lttng_addons_span_begin", *self._span_and_key(), *passed)))
        locals_ = (f"struct {self.shape.c_name}_kept kept",) if kept else ()
        return SinkCode(locals=(*self._locals(), *locals_), take=tuple(take))

    def _end(self, take: list[Do], values: Mapping[str, FieldValue]) -> SinkCode:
        kept = MemberAccess(_ENDED, ".", "kept")
        passed = (Prefix("&", kept), size_of(kept)) if self.shape.kept else (NULL, ZERO)
        lap = MemberAccess(_ENDED, ".", "lap")
        ended = call("lttng_addons_span_end", *self._span_and_key(), Prefix("&", lap), *passed)
        take.append(Do(Assignment(_HAS_ENDED, ended)))
        take.append(Do(Assignment(MemberAccess(lap, ".", "end"), number(self.number))))
        tell = Do(call(f"trace_{self.shape.tracepoint}", *self.told, Prefix("&", _ENDED)))
        return SinkCode(
            locals=(*self._locals(), f"struct {self.shape.c_name} ended", f"bool has_ended = {FALSE.name}"),
            take=tuple(take),
            after=(If(_HAS_ENDED, tell),),
            used=self.used,
        )

    def _drop(self, take: list[Do], values: Mapping[str, FieldValue]) -> SinkCode:
        take.append(Do(call("lttng_addons_span_drop", *self._span_and_key())))
        return SinkCode(locals=self._locals(), take=tuple(take))

    def _locals(self) -> tuple[str, ...]:
        return (f"struct {self.shape.c_name}_key span_key = {{}}",) if self.shape.key else ()

    def _span_and_key(self) -> tuple[C, ...]:
        span = Prefix("&", Identifier(f"{self.shape.c_name}_span"))
        return (span, Prefix("&", _KEY), size_of(_KEY)) if self.shape.key else (span, NULL, ZERO)


def _declared(type_: AbiType, name: str) -> str:
    if type_.length is None:
        return f"u64 {name}" if type_.size == 8 else f"{type_.c_type} {name} __aligned(8)"
    return f"{type_.c_type} {name}[{type_.length}] __aligned(8)"
