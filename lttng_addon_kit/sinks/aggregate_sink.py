# SPDX-License-Identifier: GPL-2.0-only
"""The sink of an [[aggregate]]: the runtime's tables, which add values up by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from lttng_addon_kit.errors import KitError
from lttng_addon_kit.expression.c.c_tree import (
    NULL,
    ONE,
    ZERO,
    Assignment,
    C,
    Do,
    Identifier,
    MemberAccess,
    Prefix,
    assign,
    call,
    number,
    size_of,
)
from lttng_addon_kit.expression.fields.abi_type import AbiType, scalar
from lttng_addon_kit.expression.fields.field_kind import AggregateKey, FieldValue
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.sinks.abi_types import AbiStruct, lay_out
from lttng_addon_kit.sinks.aggregate.aggregate_kind import Buckets
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import check_keys, find_kind
from lttng_addon_kit.sinks.sink import Feed, MomentName, SinkCode, Wanted
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.aggregate_table import AggregateTable
from lttng_addon_kit.spec.positions import KeyPath

# Keys are compared and hashed in words.
_WORD = 8
_SLICE = AggregateKey("SLICE", scalar("u64"))


@dataclass(frozen=True)
class KeyPart:
    """A part of a key: its member of the key's struct, the expression, and what the boundary says of it."""

    member: str
    text: str
    key: AggregateKey


@dataclass(frozen=True, kw_only=True)
class AggregateCode(SinkCode):
    """An aggregate on one kernel.

    Attributes:
        index: its place among the addon's aggregates.
        probe: the index of the probe that feeds it.
        value_type: None for one that takes no value.
        key: the parts of what it is counted by, if it is by anything.
        key_struct: those as a struct.
    """

    spec: AggregateTable
    index: int
    probe: int
    value_type: AbiType | None
    key: tuple[KeyPart, ...]
    key_struct: AbiStruct | None

    @property
    def buckets(self) -> Buckets | None:
        """How its values are sorted, for a kind that does."""
        buckets_of = find_kind(self.spec.kind).buckets
        return buckets_of(self.spec) if buckets_of else None

    @property
    def keeps(self) -> tuple[str, ...]:
        """What the kernel keeps of the values."""
        return find_kind(self.spec.kind).keeps

    @property
    def is_signed(self) -> bool:
        return self.value_type is not None and self.value_type.name.startswith("s")

    @property
    def about(self) -> str:
        words = self.spec.kind if self.spec.value is None else f"{self.spec.kind} of {self.spec.value}"
        by = [*([f"every {self.spec.every}"] if self.spec.every else []), *self.spec.by]
        return words + (f" by {', '.join(by)}" if by else "")

    @property
    def words(self) -> int:
        """How many the kernel keeps in a cell for the kind alone."""
        return self.buckets.count if self.buckets else find_kind(self.spec.kind).words


@dataclass(frozen=True)
class AggregateSink:
    """The sink of one aggregate; `index` is its place in the addon, `probe` the index of the probe that has it."""

    spec: AggregateTable
    c_name: str
    index: int
    probe: int

    @property
    def at(self) -> MomentName:
        return self.spec.at

    def wanted(self) -> Sequence[Wanted]:
        """Its value and the parts of its key, as far as it has them."""
        texts = [] if self.spec.value is None else [(self._value, self.spec.value, self._place("value"))]
        for index, (member, text) in enumerate(zip(self._members, self.spec.by, strict=True)):
            texts.append((self._part(member), text, self._place("by", index)))
        return [Wanted(*each, is_shared=True) for each in texts]

    def code(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> AggregateCode:
        """See Sink."""
        # A kind that may be without a value counts then.
        value: C = ONE
        value_type = None
        if self._value in values:
            with errors.at(self._place("value")):
                value_type = self._checked(values[self._value].kind.number_type())
            value = values[self._value].value
        key = tuple(self._key(values, errors))
        local = self._key_local(values)
        index = Identifier(f"{self.c_name}_{self.spec.name}".upper())
        passed = (Prefix("&", local), size_of(local)) if key else (NULL, ZERO)
        found = call("lttng_addons_cell", Identifier("&addon"), Identifier("cpu"), index, *passed)
        aggregate = Prefix("&", Identifier(f"addon_aggregate_{self.spec.name}"))
        added = call(f"lttng_addons_add_{self.spec.kind}", aggregate, Identifier("cell"), value)
        key_local = (f"struct {self.c_name}_{local.name} {local.name} = {{}}",) if key else ()
        return AggregateCode(
            locals=("struct lttng_addons_cell *cell", *key_local),
            prepare=tuple(self._fill(local, values)),
            take=(assign("cell", found), Do(added)),
            spec=self.spec,
            index=self.index,
            probe=self.probe,
            value_type=value_type,
            key=key,
            key_struct=self._key_struct(key) if key else None,
        )

    def _checked(self, value_type: AbiType) -> AbiType:
        if value_type.name.startswith("s") and not find_kind(self.spec.kind).takes_signed:
            raise KitError(f"{self.spec.kind!r} is of values that can't be negative", hint="cast it: (u64)(...)")
        return value_type

    def _key(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> Iterator[KeyPart]:
        if self.spec.every:
            yield KeyPart("slice", f"every {self.spec.every}", _SLICE)
        for index, (member, text) in enumerate(zip(self._members, self.spec.by, strict=True)):
            with errors.at(self._place("by", index)):
                yield KeyPart(member, text, values[self._part(member)].kind.key())

    def _key_struct(self, key: Sequence[KeyPart]) -> AbiStruct:
        members = ((each.member, replace(each.key.type, alignment=_WORD)) for each in key)
        name = f"{self.spec.name}_key"
        return lay_out(name, f"{self.c_name}_{name}", members)

    def _key_local(self, values: Mapping[str, FieldValue]) -> Identifier:
        """The local that has the key: aggregates at one hook share that of a single expression."""
        owner = self.spec.name
        if self._is_single:
            name = values[self._part("key")].name
            owner = name.removesuffix("_by") if name.endswith("_by") else owner
        return Identifier(f"{owner}_key")

    def _fill(self, local: Identifier, values: Mapping[str, FieldValue]) -> Iterator[Do]:
        if self.spec.every:
            slice_ = call("lttng_addons_slice", number(self.spec.every_ns))
            yield Do(Assignment(MemberAccess(local, ".", "slice"), slice_))
        for member in self._members:
            value = values[self._part(member)]
            yield value.kind.into_member(MemberAccess(local, ".", member), value.value)

    @property
    def _members(self) -> tuple[str, ...]:
        """The names of the key's parts."""
        parts = len(self.spec.by)
        return ("key",) if parts == 1 else tuple(f"key{number}" for number in range(1, parts + 1))

    @property
    def _is_single(self) -> bool:
        """Whether the key is one expression, and nothing else."""
        return len(self.spec.by) == 1 and not self.spec.every

    def _part(self, member: str) -> str:
        """What the value of a key's part is called: not as the member, beside which it may be in a local."""
        return f"{self.spec.name}_by" if self._is_single else f"{self.spec.name}_by_{member}"

    @property
    def _value(self) -> str:
        return f"{self.spec.name}_value"

    def _place(self, *key: str | int) -> KeyPath:
        return ("aggregate", self.index, *key)


def feeds(addon: Addon, errors: SpecErrors) -> Iterator[Feed]:
    """See `feeds.find_feeds`."""
    for index, each in enumerate(addon.aggregates):
        path = ("aggregate", index)
        with errors.at((*path, "kind")):
            find_kind(each.kind)
        with errors.at(path):
            check_keys(each)
        yield Feed(each, path, partial(AggregateSink, each, addon.c_name, index))
