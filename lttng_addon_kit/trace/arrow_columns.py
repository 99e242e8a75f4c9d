# SPDX-License-Identifier: GPL-2.0-only
"""A batch of events -> an Arrow record batch: the one place that knows both.

Types are as the trace has them: integers by size and sign, enumerations as dictionaries of their labels, addresses and
text as utf8, arrays as lists. What Arrow's types don't say of a field is in its metadata (docs/reading.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow

from lttng_addon_kit.trace.column import Column, Field
from lttng_addon_kit.trace.event_batch import EventBatch
from lttng_addon_kit.trace.rendering import address_text, array_text, enum_label

TIME = "time"
CPU = "cpu"
CONTEXT = "context."
# Names that no field has: of the columns before the fields, and of what says which event it is.
_OWN = (TIME, CPU, "event")
# Of a field's metadata: integer, wide, enum, text, ...; and the base of its integers.
KIND = b"lttng.kind"
BASE = b"lttng.base"
# Of a schema's metadata.
EVENT = b"lttng.event"

_TIME_TYPE = pyarrow.timestamp("ns", tz="UTC")
_LABELS = pyarrow.dictionary(pyarrow.int32(), pyarrow.utf8())


class ArrowLayout:
    """How the batches of one event class become record batches: decided by the first of them."""

    def __init__(self, batch: EventBatch) -> None:
        names = _Names(_OWN)
        columns = [(names.free(each.field.name), each) for each in batch.fields]
        columns += [(names.free(CONTEXT + each.field.name), each) for each in batch.context]
        parts = [_plan(each, batch.count) for _name, each in columns]
        self._makers = [make for _type, make in parts]
        self.schema = pyarrow.schema(
            [
                pyarrow.field(TIME, _TIME_TYPE),
                pyarrow.field(CPU, pyarrow.uint32()),
                *(
                    pyarrow.field(name, type_, metadata=_metadata(each.field))
                    for (name, each), (type_, _make) in zip(columns, parts, strict=True)
                ),
            ],
            metadata={EVENT: batch.event},
        )

    def convert(self, batch: EventBatch) -> Any:
        """The batch as a pyarrow.RecordBatch of this layout's schema."""
        values = [each.plain(batch.count) for each in (*batch.fields, *batch.context)]
        times = pyarrow.nulls(batch.count, _TIME_TYPE)
        if batch.times_ns is not None:
            times = pyarrow.array(batch.times_ns).cast(_TIME_TYPE)
        cpus = pyarrow.array([batch.cpu], pyarrow.uint32()).take(pyarrow.array([0] * batch.count, pyarrow.int8()))
        arrays = [make(column) for make, column in zip(self._makers, values, strict=True)]
        return pyarrow.RecordBatch.from_arrays([times, cpus, *arrays], schema=self.schema)


class _Names:
    """Names for columns: one that is taken gets a number."""

    def __init__(self, taken: Sequence[str]) -> None:
        self._taken = set(taken)

    def free(self, name: str) -> str:
        """The name, or the first NAME_2, NAME_3, ... that is free."""
        chosen = next(each for each in _numbered(name) if each not in self._taken)
        self._taken.add(chosen)
        return chosen


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1


def _metadata(field: Field) -> dict[bytes, str]:
    return {KIND: field.kind, BASE: str(field.base)}


_Make = Callable[[list[Any]], Any]


def _plan(column: Column, count: int) -> tuple[Any, _Make]:
    """The type of a column of so many events, and what makes an array of its values."""
    field = column.field
    match field.kind:
        case "array":
            return _plan_array(field, column.plain(count))
        case "enum":
            label = _cached(enum_label(field.labels))
            return _LABELS, lambda values: _array(_labelled(values, label)).dictionary_encode()
        case _:
            type_ = _single_type(field.kind, field)
            return type_, lambda values: _array(values, type_)


def _plan_array(field: Field, values: list[Any]) -> tuple[Any, _Make]:
    if _are_addresses(field, values):
        text = array_text(field)
        return pyarrow.utf8(), lambda values: _array([text(value) if value else None for value in values])
    if field.element == "enum":
        label = _cached(enum_label(field.labels))
        type_ = pyarrow.list_(pyarrow.utf8())
        return type_, lambda values: _array([value if value is None else _labelled(value, label) for value in values])
    type_ = pyarrow.list_(_single_type(field.element, field))
    return type_, lambda values: _array(values, type_)


def _are_addresses(field: Field, values: list[Any]) -> bool:
    """Whether a column of arrays is of addresses; where that isn't known, by what the first batch has."""
    if field.address:
        return True
    found = [value for value in values if value]
    return field.element == "integer" and bool(found) and all(address_text(field, tuple(value)) for value in found)


def _single_type(kind: str, field: Field) -> Any:
    if kind in ("integer", "wide"):
        bits = max(8, 1 << (field.bits - 1).bit_length())
        return getattr(pyarrow, f"{'' if field.signed else 'u'}int{bits}")()
    if kind == "float":
        return pyarrow.float32() if field.bits == 32 else pyarrow.float64()
    return pyarrow.bool_() if kind == "boolean" else pyarrow.utf8()


def _array(values: Sequence[Any], type_: Any = None) -> Any:
    try:
        return pyarrow.array(values, type_ or pyarrow.utf8())
    except UnicodeEncodeError:
        return pyarrow.array([_as_text(value) for value in values], type_)


def _as_text(value: Any) -> Any:
    """Text with what is no UTF-8 replaced (bt2 gives such bytes as surrogates); in arrays too."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return value if value is None else [_as_text(each) for each in value]


def _labelled(values: Sequence[Any], label: Callable[[int], str]) -> list[str | None]:
    return [None if value is None else label(value) for value in values]


def _cached(label: Callable[[int], str]) -> Callable[[int], str]:
    known: dict[int, str] = {}

    def find(value: int) -> str:
        found = known.get(value)
        if found is None:
            found = label(value)
            if len(known) < 1 << 16:
                known[value] = found
        return found

    return find
