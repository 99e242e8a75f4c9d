# SPDX-License-Identifier: GPL-2.0-only
"""A stream's description -> the table that the decoder follows, and what its columns are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from lttng_addon_kit.trace.column import Column
from lttng_addon_kit.trace.metadata.described import (
    DescribedEvent,
    DescribedStream,
    UnsupportedMetadata,
    clocks_of,
)
from lttng_addon_kit.trace.native import Decoder
from lttng_addon_kit.trace.own.column_plan import ColumnPlan
from lttng_addon_kit.trace.own.layout_steps import Assembler
from lttng_addon_kit.trace.own.step import MOST_IDS, Step, packed_class

Taken = tuple[tuple[bytes, bytes, bytes], ...]


@dataclass(frozen=True)
class EventPlan:
    """One event class: its name, and its columns as the decoder has them, `field_count` of its fields first."""

    event: str
    columns: tuple[ColumnPlan, ...]
    order: tuple[tuple[int, ...], tuple[int, ...]]

    def columns_of(self, taken: Taken, known: Mapping[str, str] | None) -> tuple[tuple[Column, ...], ...]:
        """The columns of its fields and of its context; `known` are its addresses, if they are known."""
        fields, context = self.order
        return (
            tuple(self.columns[at].column(taken[at], known) for at in fields),
            tuple(self.columns[at].column(taken[at], None) for at in context),
        )


@dataclass(frozen=True)
class StreamProgram:
    """What decodes a stream: the plans of its event classes are in the decoder's order of classes."""

    steps: tuple[Step, ...]
    header_steps: int
    columns: bytes
    classes: bytes
    plans: tuple[EventPlan, ...]

    def decoder(self) -> Decoder:
        """A decoder with empty columns."""
        steps = b"".join(step.packed() for step in self.steps)
        return Decoder(steps, self.header_steps, self.columns, self.classes)


def compile_stream(stream: DescribedStream) -> StreamProgram:
    """The table for a stream.

    Raises:
        UnsupportedMetadata: something in it has no step.
    """
    assembler = Assembler()
    _compile_header(stream, assembler)
    header_steps = len(assembler.steps)
    columns: list[bytes] = []
    classes: list[bytes] = []
    plans: list[EventPlan] = []
    for number, event in stream.events.items():
        if not 0 <= number < MOST_IDS:
            raise UnsupportedMetadata(f"its event {event.name} has the id {number}")
        first = len(assembler.steps)
        plan = _compile_event(stream, event, assembler)
        place = len(columns), len(plan.columns)
        classes.append(packed_class(number, (first, len(assembler.steps)), place))
        columns += [column.packed() for column in plan.columns]
        plans.append(plan)
    return StreamProgram(tuple(assembler.steps), header_steps, b"".join(columns), b"".join(classes), tuple(plans))


def _compile_header(stream: DescribedStream, assembler: Assembler) -> None:
    """The steps of the event header: what is called id is the event's, what tells a clock's time is its time."""
    assembler.begin_header()
    assembler.add_structure(stream.header, "", ({},), optional=False)
    assembler.end()


def _compile_event(stream: DescribedStream, event: DescribedEvent, assembler: Assembler) -> EventPlan:
    scopes = stream.context, event.context, event.fields
    if any(True for scope in scopes for _clock in clocks_of(scope)):
        raise UnsupportedMetadata(f"its event {event.name} has a time among its fields")
    assembler.begin_event()
    ends = [0]
    for scope in scopes:
        assembler.add_structure(scope, "", ({},), optional=False)
        ends.append(len(assembler.columns))
    assembler.end()
    common, own, fields = (tuple(range(begin, end)) for begin, end in pairwise(ends))
    return EventPlan(event.name, tuple(assembler.columns), (fields, own + common))
