# SPDX-License-Identifier: GPL-2.0-only
"""The sink of an [[aggregate]]: the runtime's tables, which add values up by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lttng_addon_kit.expression.c.c_tree import NULL, ZERO, C, Do, Identifier, call
from lttng_addon_kit.expression.fields.abi_type import AbiType
from lttng_addon_kit.expression.fields.field_kind import AggregateKey, FieldValue, KeyCode
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.sinks.aggregate.aggregate_kind import Buckets
from lttng_addon_kit.sinks.aggregate.aggregate_kinds import check_keys, find_kind
from lttng_addon_kit.sinks.sink import Feed, MomentName, SinkCode, Wanted
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.aggregate_table import AggregateTable
from lttng_addon_kit.spec.positions import KeyPath


@dataclass(frozen=True, kw_only=True)
class AggregateCode(SinkCode):
    """An aggregate on one kernel.

    Attributes:
        index: its place among the addon's aggregates.
        probe: the index of the probe that feeds it.
        value_type: None for one that takes no value.
        key: what it is counted by, if anything.
    """

    spec: AggregateTable
    index: int
    probe: int
    value_type: AbiType | None
    key: AggregateKey | None

    @property
    def buckets(self) -> Buckets | None:
        """How its values are sorted, for a kind that does."""
        buckets_of = find_kind(self.spec.kind).buckets
        return buckets_of(self.spec) if buckets_of else None

    @property
    def is_signed(self) -> bool:
        return self.value_type is not None and self.value_type.name.startswith("s")

    @property
    def labels(self) -> Mapping[int, str]:
        """The names of an enum's values as keys."""
        return self.key.type.labels if self.key else {}

    @property
    def about(self) -> str:
        words = self.spec.kind if self.spec.value is None else f"{self.spec.kind} of {self.spec.value}"
        return words + (f" by {self.spec.by}" if self.spec.by else "")


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
        """Its value and its key, as far as it has them."""
        keys = (("value", self._value, self.spec.value), ("by", self._key, self.spec.by))
        return [Wanted(name, words, self._place(key), is_shared=True) for key, name, words in keys if words is not None]

    def code(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> AggregateCode:
        """See Sink."""
        value: C = ZERO
        value_type, key, passed = None, None, KeyCode(NULL)
        if self._value in values:
            with errors.at(self._place("value")):
                value_type = values[self._value].kind.number_type()
            value = values[self._value].value
        if self._key in values:
            by = values[self._key]
            with errors.at(self._place("by")):
                key = by.kind.key()
            # Not the value's own name, which a local for a long expression has.
            passed = by.kind.key_code(f"{by.name.removesuffix('_by')}_key", by.value)
        names = ("&addon", "cpu", f"{self.c_name}_{self.spec.name}".upper())
        added = call("lttng_addons_add", *(Identifier(each) for each in names), value, passed.value)
        return AggregateCode(
            locals=passed.locals,
            prepare=passed.statements,
            take=(Do(added),),
            spec=self.spec,
            index=self.index,
            probe=self.probe,
            value_type=value_type,
            key=key,
        )

    @property
    def _value(self) -> str:
        return f"{self.spec.name}_value"

    @property
    def _key(self) -> str:
        return f"{self.spec.name}_by"

    def _place(self, key: str) -> KeyPath:
        return ("aggregate", self.index, key)


def feeds(addon: Addon, errors: SpecErrors) -> Iterator[Feed]:
    """See `feeds.find_feeds`."""
    for index, each in enumerate(addon.aggregates):
        path = ("aggregate", index)
        with errors.at((*path, "kind")):
            find_kind(each.kind)
        with errors.at(path):
            check_keys(each)
        yield Feed(each, path, partial(AggregateSink, each, addon.c_name, index))
