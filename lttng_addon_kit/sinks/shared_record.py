"""The sink of [share]: a record in the ring of the CPU, which user space maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lttng_addon_kit.expression.c.lower import Value
from lttng_addon_kit.expression.fields.field_kinds import AddressField, ArrayField, PointerField, TextField
from lttng_addon_kit.expression.spec_errors import SpecErrors
from lttng_addon_kit.sinks.abi_types import AbiStruct, field_type, lay_out
from lttng_addon_kit.sinks.sink import MomentName, SinkCode, Wanted
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

    def code(self, values: Mapping[str, Value], errors: SpecErrors) -> RecordCode:
        """See Sink."""
        members = []
        lines = [f"record = lttng_addons_record(&{self.c_name}_addon, cpu);"]
        for name in self.spec.fields:
            value = values[f"record_{name}"]
            with errors.at(_place(name)):
                members.append((name, field_type(value.kind)))
            lines.append(_into_record(name, value))
        lines.append(f"lttng_addons_commit(&{self.c_name}_addon, cpu, {self.probe});")
        struct = lay_out("record", f"{self.c_name}_record", members)
        local = f"struct {struct.c_name} *record"
        return RecordCode(locals=(local,), lines=tuple(lines), struct=struct, probe=self.probe)


def _place(field: str) -> KeyPath:
    return ("share", "fields", field)


def _into_record(name: str, value: Value) -> str:
    text = value.arguments[0].text
    match value.kind:
        case TextField():
            return f"lttng_addons_text(record->{name}, {text}, sizeof(record->{name}));"
        case AddressField(rendering="ip4"):
            return f"record->{name} = {text};"
        case ArrayField() | AddressField():
            return f"memcpy(record->{name}, {text}, sizeof(record->{name}));"
        case PointerField():
            return f"record->{name} = (unsigned long){text};"
        case _:
            return f"record->{name} = {text};"
