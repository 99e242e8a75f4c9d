# SPDX-License-Identifier: GPL-2.0-only
"""Field types -> steps: what the decoder does for each, and the columns that it fills."""

from __future__ import annotations

from dataclasses import replace

from lttng_addon_kit.trace.column import Field
from lttng_addon_kit.trace.metadata.described import (
    ArrayType,
    FieldType,
    FloatType,
    IntegerType,
    Option,
    Path,
    SizedTextType,
    StructureType,
    TextType,
    UnsupportedMetadata,
    VariantType,
    alignment,
)
from lttng_addon_kit.trace.own.column_plan import ColumnPlan
from lttng_addon_kit.trace.own.step import EVENT_ID_SLOT, LARGEST_ALIGN, NOWHERE, SLOTS, Step, StepKind

# Members before one that it may refer to: a structure, or the step that reads an integer; innermost last.
Scope = dict[str, "Step | Scope"]
Scopes = tuple[Scope, ...]

_EVENT_ID = "id"
# Of a stream: no tracer describes so many fields.
_MOST_STEPS = 1 << 20


class Assembler:
    """Collects steps; those of the header, then those of one event after the other, each with columns of its own."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.columns: list[ColumnPlan] = []
        self._slots = EVENT_ID_SLOT
        self._in_header = False

    def begin_header(self) -> None:
        """What follows is the header, which has no columns."""
        self._in_header = True

    def begin_event(self) -> None:
        """What follows is an event."""
        self._in_header = False
        self._slots = EVENT_ID_SLOT
        self.columns = []

    def end(self) -> None:
        """The header's or the event's end."""
        self._add(Step(StepKind.END))

    def add_structure(self, structure: StructureType, prefix: str, scopes: Scopes, *, optional: bool) -> None:
        """Steps for all members; `scopes` ends with the structure's own, which is filled."""
        self._align(alignment(structure))
        hidden = _hidden_lengths(structure)
        for name, member in structure.members:
            if name in hidden and isinstance(member, IntegerType):
                self._add_number(member, None, name, scopes)
            else:
                self._add_field(member, (f"{prefix}{name}", name), scopes, optional)

    def _add_field(self, of: FieldType, names: tuple[str, str], scopes: Scopes, optional: bool) -> None:
        """Steps for a field, called by its full name and as its structure's member."""
        full, own = names
        match of:
            case IntegerType() | FloatType():
                self._add_number(of, self._column(_plan_of(full, of, optional)), own, scopes)
            case TextType():
                column = self._column(ColumnPlan(Field(full, "text"), "u1", is_text=True, is_optional=optional))
                self._add(Step(StepKind.TEXT, full, column=column))
            case SizedTextType():
                column = self._column(ColumnPlan(Field(full, "text"), "u1", is_text=True, is_optional=optional))
                self._add(self._sized(Step(StepKind.SIZED_TEXT, full, column=column), of.length, scopes))
            case ArrayType():
                self._add_list(of, full, scopes, optional)
            case StructureType():
                inner: Scope = {}
                scopes[-1][own] = inner
                self.add_structure(of, f"{full}.", (*scopes, inner), optional=optional)
            case VariantType():
                self._add_variant(of, full, scopes)

    def _add_number(self, of: IntegerType | FloatType, column: int | None, name: str, scopes: Scopes) -> None:
        is_time = isinstance(of, IntegerType) and bool(of.clock)
        step = _number_step(StepKind.CLOCK if is_time else StepKind.NUMBER, name, of)
        step.column = NOWHERE if column is None else column
        if self._in_header and name == _EVENT_ID and not is_time:
            step.slot = EVENT_ID_SLOT
        scopes[-1][name] = step
        self._add(step)

    def _add_list(self, of: ArrayType, full: str, scopes: Scopes, optional: bool) -> None:
        element = of.element
        if not isinstance(element, IntegerType | FloatType):
            raise UnsupportedMetadata(f"its field {full} is an array of something other than numbers")
        self._align(alignment(of))
        plan = _plan_of(full, element, optional)
        of_element = plan.field
        field = replace(of_element, kind="array", element=of_element.kind)
        column = self._column(ColumnPlan(field, plan.number_type, is_list=True, is_optional=optional))
        step = _number_step(StepKind.LIST, full, element)
        step.column = column
        self._add(self._sized(step, of.length, scopes))

    def _add_variant(self, of: VariantType, full: str, scopes: Scopes) -> None:
        selector = self._referred(of.selector, scopes)
        tests: list[Step] = []
        for option in of.options:
            tests += [self._test(selector, bounds) for bounds in option.ranges]
        self.steps += tests
        self._add(Step(StepKind.FAIL, full))
        ends = [self._add_option(option, full, tests, scopes) for option in of.options]
        for end in ends:
            end.target = len(self.steps)

    def _test(self, selector: Step, bounds: tuple[int, int]) -> Step:
        low, high = bounds
        return Step(StepKind.JUMP_IF, is_signed=selector.is_signed, slot=selector.slot, low=low, high=high)

    def _add_option(self, option: Option, full: str, tests: list[Step], scopes: Scopes) -> Step:
        """Steps for an option, to which its tests lead; the last, which is given, leads to the variant's end."""
        for test in tests[: len(option.ranges)]:
            test.target = len(self.steps)
        del tests[: len(option.ranges)]
        self._add_field(option.type, (f"{full}.{option.name}", option.name), (*scopes, {}), True)
        end = Step(StepKind.JUMP)
        self._add(end)
        return end

    def _sized(self, step: Step, length: int | Path, scopes: Scopes) -> Step:
        if isinstance(length, int):
            if not 0 <= length < NOWHERE:
                raise UnsupportedMetadata(f"its field {step.name} has {length} elements")
            step.length = length
        else:
            step.slot = self._referred(length, scopes).slot
        return step

    def _referred(self, path: Path, scopes: Scopes) -> Step:
        """The step that reads the integer at a path; it keeps its value from now on."""
        step = _find(path, scopes)
        if step is None or step.kind is not StepKind.NUMBER:
            raise UnsupportedMetadata(f"a field depends on {'.'.join(path)}, which is no integer before it")
        if step.slot == NOWHERE:
            self._slots += 1
            if self._slots >= SLOTS:
                raise UnsupportedMetadata("one of its events has too many fields that others depend on")
            step.slot = self._slots
        return step

    def _column(self, plan: ColumnPlan) -> int:
        if self._in_header:
            return NOWHERE
        self.columns.append(plan)
        return len(self.columns) - 1

    def _align(self, bits: int) -> None:
        if bits != 1:
            self._add(Step(StepKind.ALIGN, "structure", align=bits))

    def _add(self, step: Step) -> None:
        if step.align & (step.align - 1) or not 1 <= step.align <= LARGEST_ALIGN or len(self.steps) >= _MOST_STEPS:
            raise UnsupportedMetadata(f"its field {step.name} is aligned to {step.align} bits, or one of too many")
        if self._in_header and step.kind in (StepKind.TEXT, StepKind.SIZED_TEXT, StepKind.LIST):
            raise UnsupportedMetadata(f"its event header has the field {step.name}")
        self.steps.append(step)


def _hidden_lengths(structure: StructureType) -> set[str]:
    """The members that are lengths of others: LTTng precedes a sequence NAME by an integer _NAME_length."""
    sized = {
        name
        for name, member in structure.members
        if isinstance(member, TextType | SizedTextType)
        or (isinstance(member, ArrayType) and not isinstance(member.length, int))
    }
    return {f"_{name}_length" for name in sized}


def _number_step(kind: StepKind, name: str, of: IntegerType | FloatType) -> Step:
    is_signed = isinstance(of, IntegerType) and of.signed
    return Step(kind, name, is_signed, of.order == "big", of.size, of.align)


def _plan_of(name: str, of: IntegerType | FloatType, optional: bool) -> ColumnPlan:
    if isinstance(of, FloatType):
        return ColumnPlan(Field(name, "float", bits=of.size), f"f{of.size // 8}", is_optional=optional)
    kind = "enum" if of.labels is not None else "wide" if (of.size, of.base) == (64, 16) else "integer"
    size = max(1, 1 << (of.size - 1).bit_length() >> 3)
    field = Field(name, kind, of.base, of.labels or (), bits=of.size, signed=of.signed)
    return ColumnPlan(field, f"{'i' if of.signed else 'u'}{size}", is_optional=optional)


def _find(path: Path, scopes: Scopes) -> Step | None:
    for scope in reversed(scopes):
        found: Step | Scope | None = scope.get(path[0]) if path else None
        for name in path[1:]:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, Step):
            return found
    return None
