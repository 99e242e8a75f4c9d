# SPDX-License-Identifier: GPL-2.0-only
"""The sink of [share]: a record in the ring of the CPU, which user space maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lttng_addon_kit.expression.c.c_tree import Do, Identifier, assign, call, number
from lttng_addon_kit.expression.fields.field_kind import FieldValue, record_member
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.sinks.abi_types import AbiStruct, lay_out
from lttng_addon_kit.sinks.sink import Feed, MomentName, SinkCode, Wanted
from lttng_addon_kit.spec.addon import Addon
from lttng_addon_kit.spec.positions import KeyPath
from lttng_addon_kit.spec.share_table import ShareTable


@dataclass(frozen=True, kw_only=True)
class RecordCode(SinkCode):
    """The record's layout, the probe that fills it by its index, and the C that does."""

    struct: AbiStruct
    probe: int


@dataclass(frozen=True)
class RecordSink:
    """The sink of one addon's [share]; `probe` is the index of the probe that has it."""

    spec: ShareTable
    c_name: str
    probe: int
    at: MomentName = "passed"

    def wanted(self) -> Sequence[Wanted]:
        """The record's fields."""
        return [Wanted(f"record_{name}", text, _place(name)) for name, text in self.spec.fields.items()]

    def code(self, values: Mapping[str, FieldValue], errors: SpecErrors) -> RecordCode:
        """See Sink."""
        members = []
        ring = (Identifier(f"&{self.c_name}_addon"), Identifier("cpu"))
        take = [assign("record", call("lttng_addons_record", *ring))]
        for name in self.spec.fields:
            value = values[f"record_{name}"]
            with errors.at(_place(name)):
                members.append((name, value.kind.abi_type()))
            take.append(value.kind.into_member(record_member(name), value.value))
        take.append(Do(call("lttng_addons_commit", *ring, number(self.probe))))
        struct = lay_out("record", f"{self.c_name}_record", members)
        local = f"struct {struct.c_name} *record"
        return RecordCode(locals=(local,), take=tuple(take), struct=struct, probe=self.probe)


def feeds(addon: Addon, errors: SpecErrors) -> Iterator[Feed]:
    """See `feeds.find_feeds`."""
    if addon.share:
        yield Feed(addon.share, ("share",), partial(RecordSink, addon.share, addon.c_name))


def _place(field: str) -> KeyPath:
    return ("share", "fields", field)
